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

// Test support: as much of Electron as the shell uses, in memory, with the same shapes and the same order of events.
// `vi.mock('electron', () => import('./fake-electron.ts'))` puts it in place; `resetFake()` starts a test afresh.

/** An event that can be prevented, as Electron hands to its listeners. */
export class FakeEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

function deferred(): { promise: Promise<void>; done: boolean; resolve: () => void } {
  // Promise.withResolvers is newer than Node 20.
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
  readonly sent: { channel: string; payload: unknown }[] = [];
  readonly mainFrame: FakeFrame = { url: '', parent: null };
  reloads = 0;
  /** What `loadURL` was asked for here, rather than by its window. */
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
  /** The page's script is gone, and a new one comes. */
  reload(): void {
    this.reloads++;
    this.crashed = false;
    this.emit('did-start-loading');
  }
  /** As if its process died: what listens to the app hears of it. */
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
  /** Raises a cancellable event; true: a listener prevented it. */
  prevents(name: string, details: object = {}): boolean {
    const event = Object.assign(new FakeEvent(), details);
    this.emit(name, event);
    return event.defaultPrevented;
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static lastId = 0;
  /** What the next `loadURL` answers. */
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
  maximized = false;
  fullScreen = false;
  backgroundColor: string | undefined;
  bounds: Rectangle;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
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
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  isVisible(): boolean {
    return this.shown;
  }
  focus(): void {
    for (const window of BrowserWindow.all) window.focused = window === this;
    app.emit('browser-window-focus', new FakeEvent(), this);
  }
  /** Another program has the focus. */
  blur(): void {
    this.focused = false;
  }
  getNormalBounds(): Rectangle {
    return { ...this.bounds };
  }
  getBounds(): Rectangle {
    return { ...this.bounds };
  }
  /** As if dragged or resized by hand. */
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
  restore(): void {
    this.minimized = false;
  }
  isDestroyed(): boolean {
    return this.webContents.destroyed;
  }
  /** As if the user closed it; the last one tells the app. */
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

class FakeApp extends EventEmitter {
  sandboxed = false;
  /** False: another instance holds the lock. */
  lock = true;
  quits = 0;
  exits: number[] = [];
  ready = deferred();

  isPackaged = true;
  appUserModelId = '';
  /** What the system starts at login; `refusesLogin`: somebody forbade it. */
  openAtLogin = false;
  /** Windows: the entry is there, and was switched off in the system's own settings. */
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

  /** The command line's switches by name; one without a value has ''. */
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
  requestSingleInstanceLock(): boolean {
    return this.lock;
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
  getVersion(): string {
    return '1.2.3';
  }
  /** Raises `before-quit`, and ends the app unless a listener prevented it. */
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
  /** As if `contents` had invoked the channel, from its main frame unless another one is given. */
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
  /** Without a handler Electron grants what is requested, and so does this. */
  request(permission: string, details: FakePermissionDetails): Promise<boolean> {
    const { onRequest } = this;
    return onRequest ? new Promise((resolve) => onRequest(null, permission, resolve, details)) : Promise.resolve(true);
  }
  check(permission: string, origin: string, details: FakePermissionDetails): boolean {
    return this.onCheck?.(null, permission, origin, details) ?? true;
  }
  /** Whether the network may be asked for this URL. Without a listener everything may. */
  requests(url: string, resourceType = 'other'): Promise<boolean> {
    const { onBeforeRequest } = this;
    if (!onBeforeRequest) return Promise.resolve(true);
    return new Promise((resolve) => onBeforeRequest({ url, resourceType }, ({ cancel }) => resolve(cancel !== true)));
  }
}
export const session = { defaultSession: new FakeSession() };

export const Menu = {
  template: [] as MenuItemConstructorOptions[],
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu(template: MenuItemConstructorOptions[]): void {
    this.template = template;
  },
};

interface FakeBox {
  /** The window it belongs to; null: none. */
  window: BrowserWindow | null;
  options: MessageBoxOptions;
  /** Presses the button with this label. */
  press(label: string): void;
}
export const dialog = {
  errors: [] as string[],
  /** Message boxes that are open, oldest first. */
  boxes: [] as FakeBox[],
  showMessageBox(...args: [MessageBoxOptions] | [BrowserWindow, MessageBoxOptions]): Promise<{ response: number }> {
    const [window, options] = args.length === 1 ? [null, args[0]] : args;
    // Linux names the program's file in the title bar of a box that has none.
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
  /** Answered at once by its first button. */
  showMessageBoxSync(options: MessageBoxOptions): number {
    if (!options.title) throw new Error('a box without a title');
    this.errors.push(`${options.message}: ${options.detail}`);
    return 0;
  },
};

class FakeTheme extends EventEmitter {
  systemIsDark = false;
  private source: 'system' | 'light' | 'dark' = 'system';
  get themeSource() {
    return this.source;
  }
  set themeSource(source) {
    this.source = source;
    this.emit('updated');
  }
  get shouldUseDarkColors(): boolean {
    return this.source === 'system' ? this.systemIsDark : this.source === 'dark';
  }
}
export const nativeTheme = new FakeTheme();
export const systemPreferences = { askForMediaAccess: async () => true };

/** Forgets every window, handler, listener and record of the test before. */
export function resetFake(): void {
  app.removeAllListeners();
  app.switches.clear();
  Object.assign(app, { sandboxed: false, lock: true, isPackaged: true, quits: 0, exits: [], ready: deferred() });
  Object.assign(app, { appUserModelId: '', openAtLogin: false, refusesLogin: false, loginDisabled: false });
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

/** A window that shows our page, opened without the shell. */
export function openFakeWindow(): BrowserWindow {
  const window = new BrowserWindow({});
  void window.loadURL(START_URL);
  return window;
}
