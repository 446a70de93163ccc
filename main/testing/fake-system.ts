import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions, NotificationConstructorOptions, Rectangle } from 'electron';

// The system integration of fake-electron.ts: tray, shortcuts, power, notifications, clipboard and displays.

export class Tray extends EventEmitter {
  static all: Tray[] = [];
  /** Error of the constructor if the desktop has no tray; null: it has one. */
  static refuses: Error | null = null;
  image: string;
  toolTip = '';
  menu: MenuItemConstructorOptions[] = [];

  constructor(image: string) {
    super();
    if (Tray.refuses) throw Tray.refuses;
    this.image = image;
    Tray.all.push(this);
  }
  setImage(image: string): void {
    this.image = image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.menu = menu;
  }
  /** Clicks an item of the menu. */
  choose(label: string): void {
    const item = this.menu.find((candidate) => candidate.label === label);
    if (!item) throw new Error(`the tray has no item ${label}`);
    (item.click as () => void)();
  }
}

export const globalShortcut = {
  registered: new Map<string, () => void>(),
  /** Shortcuts registered by another program. */
  taken: new Set<string>(),
  register(keys: string, onPress: () => void): boolean {
    if (this.taken.has(keys)) return false;
    this.registered.set(keys, onPress);
    return true;
  },
  unregister(keys: string): void {
    this.registered.delete(keys);
  },
};

export const powerSaveBlocker = {
  started: new Map<number, string>(),
  lastId: 0,
  start(type: string): number {
    this.started.set(++this.lastId, type);
    return this.lastId;
  },
  stop(id: number): boolean {
    return this.started.delete(id);
  },
};

export const powerMonitor = new EventEmitter();

export class Notification extends EventEmitter {
  static shown: Notification[] = [];
  static supported = true;
  static isSupported(): boolean {
    return Notification.supported;
  }
  readonly options: NotificationConstructorOptions;
  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    Notification.shown.push(this);
  }
  close(): void {
    Notification.shown = Notification.shown.filter((other) => other !== this);
  }
}

export const clipboard = {
  text: '',
  writeText(text: string): void {
    this.text = text;
  },
};

export const shell = {
  opened: [] as string[],
  /** Error of `openExternal` if no program can open the URL; null: one can. */
  refuses: null as Error | null,
  async openExternal(url: string): Promise<void> {
    if (this.refuses) throw this.refuses;
    this.opened.push(url);
  },
};

const DISPLAY = { x: 0, y: 0, width: 1920, height: 1040 };
export const screen = {
  areas: [DISPLAY] as Rectangle[],
  getAllDisplays(): { workArea: Rectangle }[] {
    return this.areas.map((workArea) => ({ workArea }));
  },
};

export function resetFakeSystem(): void {
  Object.assign(Tray, { all: [], refuses: null });
  globalShortcut.registered.clear();
  globalShortcut.taken.clear();
  powerSaveBlocker.started.clear();
  powerMonitor.removeAllListeners();
  Object.assign(Notification, { shown: [], supported: true });
  clipboard.text = '';
  Object.assign(shell, { opened: [], refuses: null });
  screen.areas = [DISPLAY];
}
