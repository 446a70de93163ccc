import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  LoginItemSettings,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  Rectangle,
  WebFrameMain,
} from 'electron';
import { START_URL } from '../desktop/origin.ts';
import { resetFakeSystem } from './fake-system.ts';

export * from './fake-system.ts';

// A fake of the parts of Electron that the shell uses, with the same shapes and order of events.
// Use `vi.mock('electron', () => import('./fake-electron.ts'))`, and call `resetFake()` before each test.

/** An event that listeners can prevent. */
export class FakeEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

function deferred(): { promise: Promise<void>; done: boolean; resolve: () => void } {
  // Promise.withResolvers requires Node 22.
  let settle = () => {};
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const state = {
    promise,
    done: false,
    resolve: () => {
      state.done = true;
      settle();
    },
  };
  return state;
}

export type FakeFrame = Pick<WebFrameMain, 'url' | 'parent'>;

export class FakeWebContents extends EventEmitter {
  session: FakeSession = session.defaultSession;
  readonly sent: { channel: string; payload: unknown }[] = [];
  readonly mainFrame: FakeFrame = { url: '', parent: null };
  reloads = 0;
  /** URLs passed to `loadURL` of the web contents, not of the window. */
  readonly loaded: string[] = [];
  destroyed = false;
  crashed = false;
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;
  webRtcPolicy = 'default';

  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtcPolicy = policy;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  send(channel: string, payload: unknown): void {
    this.sent.push({ channel, payload });
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  /** Reloads the page, which ends its script. */
  reload(): void {
    this.reloads++;
    this.crashed = false;
    this.emit('did-start-loading');
  }
  /** Simulates the end of the renderer process. */
  die(reason: string, exitCode = 1): void {
    this.crashed = true;
    const details = { reason, exitCode };
    this.emit('render-process-gone', new FakeEvent(), details);
    app.emit('render-process-gone', new FakeEvent(), this, details);
  }
  forcefullyCrashRenderer(): void {
    this.die('killed');
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  /** Emits a cancellable event. @returns whether a listener prevented it */
  prevents(name: string, details: object = {}): boolean {
    const event = Object.assign(new FakeEvent(), details);
    this.emit(name, event);
    return event.defaultPrevented;
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static lastId = 0;
  /** Result of `loadURL`. */
  static load: () => Promise<void> = async () => {};

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.all];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.all.find((window) => window.focused) ?? null;
  }
  static fromWebContents(contents: FakeWebContents): BrowserWindow | null {
    return BrowserWindow.all.find((window) => window.webContents === contents) ?? null;
  }

  readonly id = ++BrowserWindow.lastId;
  readonly webContents = new FakeWebContents();
  readonly loaded: string[] = [];
  readonly options: BrowserWindowConstructorOptions;
  shown = false;
  focused = false;
  minimized = false;
  alwaysOnTop: string | null = null;
  onAllWorkspaces = false;
  maximized = false;
  fullScreen = false;
  backgroundColor: string | undefined;
  /** Path of the icon; null: the initial one. */
  icon: string | null = null;
  /** The mark in the task bar of Windows; null: none. */
  overlayIcon: { path: string; description: string } | null = null;
  bounds: Rectangle;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    const own = options.webPreferences?.session as unknown as FakeSession | undefined;
    if (own) this.webContents.session = own;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    this.backgroundColor = options.backgroundColor;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', new FakeEvent(), this.webContents);
    app.emit('browser-window-created', new FakeEvent(), this);
  }

  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    Object.assign(this.webContents.mainFrame, { url });
    return BrowserWindow.load();
  }
  show(): void {
    this.shown = true;
    this.emit('show');
  }
  hide(): void {
    this.shown = false;
    this.emit('hide');
  }
  setIcon(path: string): void {
    this.icon = path;
  }
  setOverlayIcon(image: FakeImage | null, description: string): void {
    this.overlayIcon = image && { path: image.path, description };
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  /** Shows the window without giving it the focus. */
  showInactive(): void {
    this.shown = true;
    this.emit('show');
  }
  setAlwaysOnTop(on: boolean, level: string): void {
    this.alwaysOnTop = on ? level : null;
  }
  setVisibleOnAllWorkspaces(on: boolean): void {
    this.onAllWorkspaces = on;
  }
  /** Closes the window without asking it. */
  destroy(): void {
    if (this.webContents.destroyed) return;
    this.webContents.destroyed = true;
    BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
    this.emit('closed');
    this.webContents.emit('destroyed');
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
  }
  isVisible(): boolean {
    return this.shown;
  }
  focus(): void {
    for (const window of BrowserWindow.all) window.focused = window === this;
    app.emit('browser-window-focus', new FakeEvent(), this);
  }
  /** Simulates that another program gets the focus. */
  blur(): void {
    this.focused = false;
  }
  getNormalBounds(): Rectangle {
    return { ...this.bounds };
  }
  getBounds(): Rectangle {
    return { ...this.bounds };
  }
  /** Simulates that the user moves or resizes the window. */
  setBounds(bounds: Partial<Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.emit('move');
    this.emit('resize');
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  maximize(): void {
    this.maximized = true;
    this.shown = true;
    this.emit('maximize');
  }
  unmaximize(): void {
    this.maximized = false;
    this.emit('unmaximize');
  }
  isFullScreen(): boolean {
    return this.fullScreen;
  }
  setFullScreen(on: boolean): void {
    this.fullScreen = on;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  minimize(): void {
    this.minimized = true;
    this.emit('minimize');
  }
  restore(): void {
    this.minimized = false;
    this.emit('restore');
  }
  isDestroyed(): boolean {
    return this.webContents.destroyed;
  }
  /** Simulates that the user closes the window. */
  close(): void {
    const event = new FakeEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.webContents.destroyed = true;
    BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
  }
}

interface FakeImage {
  path: string;
}
export const nativeImage = { createFromPath: (path: string): FakeImage => ({ path }) };

class FakeApp extends EventEmitter {
  /** The badge of the Dock icon. */
  badge = '';
  readonly dock = {
    setBadge: (badge: string) => {
      this.badge = badge;
    },
  };
  sandboxed = false;
  /** False: another instance holds the lock. */
  lock = true;
  quits = 0;
  exits: number[] = [];
  ready = deferred();

  isPackaged = true;
  appUserModelId = '';
  /** The login item. `refusesLogin`: the system forbids it. */
  openAtLogin = false;
  /** Windows: the entry exists but was disabled in the system settings. */
  loginDisabled = false;
  refusesLogin = false;

  setAppUserModelId(id: string): void {
    this.appUserModelId = id;
  }
  setLoginItemSettings({ openAtLogin = false }: { openAtLogin?: boolean }): void {
    this.openAtLogin = openAtLogin && !this.refusesLogin;
    this.loginDisabled = false;
  }
  getLoginItemSettings(): Pick<LoginItemSettings, 'openAtLogin' | 'executableWillLaunchAtLogin'> {
    const { openAtLogin } = this;
    return { openAtLogin, executableWillLaunchAtLogin: openAtLogin && !this.loginDisabled };
  }

  /** Command-line switches by name; '' for one without a value. */
  readonly switches = new Map<string, string>();
  readonly commandLine = {
    hasSwitch: (name: string) => this.switches.has(name),
    appendSwitch: (name: string, value = '') => void this.switches.set(name, value),
    removeSwitch: (name: string) => void this.switches.delete(name),
    getSwitchValue: (name: string) => this.switches.get(name) ?? '',
    appendArgument: () => {},
  };

  enableSandbox(): void {
    this.sandboxed = true;
  }
  /** The data of each request for the lock. */
  lockRequests: unknown[] = [];
  released = 0;
  requestSingleInstanceLock(data?: object): boolean {
    this.lockRequests.push(data);
    return this.lock;
  }
  releaseSingleInstanceLock(): void {
    this.released++;
  }
  whenReady(): Promise<void> {
    return this.ready.promise;
  }
  isReady(): boolean {
    return this.ready.done;
  }
  getAppPath(): string {
    return '/opt/earshot';
  }
  getPath(name: string): string {
    return `/home/someone/${name}`;
  }
  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }
  getSystemLocale(): string {
    return 'en-US';
  }

  getVersion(): string {
    return '1.2.3';
  }
  /** Emits `before-quit`, and ends the app unless a listener prevented it. */
  quit(): void {
    this.quits++;
    const event = new FakeEvent();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }
  exit(code: number): void {
    this.exits.push(code);
  }
}
export const app = new FakeApp();

type Invoke = (event: { sender: FakeWebContents; senderFrame: FakeFrame | null }, args: unknown) => unknown;
export const ipcMain = {
  handlers: new Map<string, Invoke>(),
  handle(channel: string, handler: Invoke): void {
    if (this.handlers.has(channel)) throw new Error(`a second handler for ${channel}`);
    this.handlers.set(channel, handler);
  },
  /** Simulates that `contents` invokes the channel. Default: from its main frame. */
  invoke(contents: FakeWebContents, channel: string, args?: unknown, frame: FakeFrame | null = contents.mainFrame) {
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`no handler for ${channel}`);
    return Promise.resolve(handler({ sender: contents, senderFrame: frame }, args));
  },
};

type Handler = (request: { url: string; method: string }) => Promise<Response>;
export const protocol = {
  privileged: [] as CustomScheme[],
  handlers: new Map<string, Handler>(),
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    this.privileged.push(...schemes);
  },
  handle(scheme: string, handler: Handler): void {
    this.handlers.set(scheme, handler);
  },
};

export interface FakePermissionDetails {
  isMainFrame: boolean;
  requestingUrl?: string;
  mediaTypes?: string[];
  mediaType?: string;
}
type OnRequest = (
  contents: FakeWebContents | null,
  permission: string,
  callback: (granted: boolean) => void,
  details: FakePermissionDetails,
) => void;
type OnCheck = (
  contents: FakeWebContents | null,
  permission: string,
  origin: string,
  details: FakePermissionDetails,
) => boolean;

type OnDisplay = (request: object, callback: (streams: object | null) => void) => void;
type OnPairing = (details: object, callback: (response: { confirmed: boolean }) => void) => void;
type BlockableRequest = { url: string; resourceType: string };
type OnBeforeRequest = (details: BlockableRequest, callback: (response: { cancel?: boolean }) => void) => void;

export class FakeSession extends EventEmitter {
  onRequest: OnRequest | null = null;
  onCheck: OnCheck | null = null;
  onDevice: ((details: object) => boolean) | null = null;
  onDisplay: OnDisplay | null = null;
  onPairing: OnPairing | null = null;
  onBeforeRequest: OnBeforeRequest | null = null;
  spellChecker = true;

  readonly webRequest = {
    onBeforeRequest: (listener: OnBeforeRequest): void => {
      this.onBeforeRequest = listener;
    },
  };
  readonly handlers = new Map<string, Handler>();
  readonly protocol = {
    handle: (scheme: string, handler: Handler): void => {
      this.handlers.set(scheme, handler);
    },
  };
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }
  setDisplayMediaRequestHandler(handler: OnDisplay): void {
    this.onDisplay = handler;
  }
  setBluetoothPairingHandler(handler: OnPairing): void {
    this.onPairing = handler;
  }

  setPermissionRequestHandler(handler: OnRequest): void {
    this.onRequest = handler;
  }
  setPermissionCheckHandler(handler: OnCheck): void {
    this.onCheck = handler;
  }
  setDevicePermissionHandler(handler: (details: object) => boolean): void {
    this.onDevice = handler;
  }
  /** Without a handler everything is granted, as in Electron. */
  request(permission: string, details: FakePermissionDetails): Promise<boolean> {
    const { onRequest } = this;
    return onRequest ? new Promise((resolve) => onRequest(null, permission, resolve, details)) : Promise.resolve(true);
  }
  check(permission: string, origin: string, details: FakePermissionDetails): boolean {
    return this.onCheck?.(null, permission, origin, details) ?? true;
  }
  /** Whether a request for this URL is allowed. Without a listener all are. */
  requests(url: string, resourceType = 'other'): Promise<boolean> {
    const { onBeforeRequest } = this;
    if (!onBeforeRequest) return Promise.resolve(true);
    return new Promise((resolve) => onBeforeRequest({ url, resourceType }, ({ cancel }) => resolve(cancel !== true)));
  }
}
export const session = {
  defaultSession: new FakeSession(),
  fromPartition: (_name: string): FakeSession => new FakeSession(),
};

export const Menu = {
  template: [] as MenuItemConstructorOptions[],
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu(template: MenuItemConstructorOptions[]): void {
    this.template = template;
  },
};

interface FakeBox {
  /** Its parent window; null: none. */
  window: BrowserWindow | null;
  options: MessageBoxOptions;
  /** Presses the button with this label. */
  press(label: string): void;
}
export const dialog = {
  errors: [] as string[],
  /** Open message boxes, oldest first. */
  boxes: [] as FakeBox[],
  showMessageBox(...args: [MessageBoxOptions] | [BrowserWindow, MessageBoxOptions]): Promise<{ response: number }> {
    const [window, options] = args.length === 1 ? [null, args[0]] : args;
    // On Linux the title bar of a box without a title shows the name of the executable.
    if (!options.title) throw new Error('a box without a title');
    return new Promise((resolve) => {
      const answer = (response: number) => {
        this.boxes = this.boxes.filter((other) => other !== box);
        resolve({ response });
      };
      const box: FakeBox = {
        window,
        options,
        press: (label) => answer(options.buttons?.indexOf(label) ?? -1),
      };
      this.boxes.push(box);
      options.signal?.addEventListener('abort', () => answer(options.cancelId ?? 0));
    });
  },
  showErrorBox(title: string, content: string): void {
    this.errors.push(`${title}: ${content}`);
  },
  /** Returns the first button immediately. */
  showMessageBoxSync(options: MessageBoxOptions): number {
    if (!options.title) throw new Error('a box without a title');
    this.errors.push(`${options.message}: ${options.detail}`);
    return 0;
  },
};

class FakeTheme extends EventEmitter {
  systemIsDark = false;
  #source: 'system' | 'light' | 'dark' = 'system';
  get themeSource() {
    return this.#source;
  }
  set themeSource(source) {
    this.#source = source;
    this.emit('updated');
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.systemIsDark : this.#source === 'dark';
  }
}
export const nativeTheme = new FakeTheme();
export const systemPreferences = { askForMediaAccess: async () => true };

/** Removes all windows, handlers, listeners and records of the previous test. */
export function resetFake(): void {
  app.removeAllListeners();
  app.switches.clear();
  app.lockRequests = [];
  app.released = 0;
  Object.assign(app, { sandboxed: false, lock: true, isPackaged: true, quits: 0, exits: [], ready: deferred() });
  Object.assign(app, { badge: '', appUserModelId: '', openAtLogin: false, refusesLogin: false, loginDisabled: false });
  BrowserWindow.all = [];
  BrowserWindow.load = async () => {};
  ipcMain.handlers.clear();
  protocol.privileged = [];
  protocol.handlers.clear();
  session.defaultSession = new FakeSession();
  Menu.template = [];
  Object.assign(dialog, { errors: [], boxes: [] });
  resetFakeSystem();
  nativeTheme.removeAllListeners();
  Object.assign(nativeTheme, { systemIsDark: false, themeSource: 'system' });
}

/** Opens a window with our page, without the shell. */
export function openFakeWindow(): BrowserWindow {
  const window = new BrowserWindow({});
  void window.loadURL(START_URL);
  return window;
}
