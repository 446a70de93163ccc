import { expect } from '@playwright/test';
import { startProgram } from './programs.ts';
import { type SessionBus, strings } from './session-bus.ts';

// A tray host like those of KDE and the GNOME extension (StatusNotifierItem, com.canonical.dbusmenu), without a visible
// panel.

/** From Debian's package ayatana-indicator-application, which MATE and other panels use. */
export const TRAY_HOST = '/usr/libexec/ayatana-indicator-application/ayatana-indicator-application-service';

const ITEM = 'org.kde.StatusNotifierItem';
const ITEM_PATH = '/StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

interface MenuItem {
  id: string;
  /** Empty for a separator. */
  label: string;
}

/** The app's icon in the tray. */
interface TrayItem {
  tooltip(): Promise<string>;
  /** The pixels of the icon as text, for comparison. */
  pixels(): Promise<string>;
  labels(): Promise<string[]>;
  /** Chooses the menu item with this label. */
  choose(label: string): Promise<void>;
  /** Clicks the icon. */
  click(): Promise<void>;
}

export interface TrayHost {
  /** Waits for the tray icon of the program with this process id. */
  item(pid: number): Promise<TrayItem>;
  stop(): Promise<void>;
}

/** Starts a tray host on the bus. */
export async function startTrayHost(bus: SessionBus): Promise<TrayHost> {
  const program = startProgram(TRAY_HOST, [], bus.env);
  try {
    await expect
      .poll(bus.names, { message: `the tray's host: ${program.output()}` })
      .toContain('org.kde.StatusNotifierWatcher');
  } catch (error) {
    await program.stop();
    throw error;
  }
  /** Finds the connection that has the icon's properties. Electron has several connections, all without a name. */
  async function findItem(pid: number): Promise<string | undefined> {
    const unnamed = (await bus.names()).filter((name) => name.startsWith(':'));
    const found = await Promise.all(unnamed.map((name) => hasIcon(name, pid).catch(() => false)));
    return unnamed[found.indexOf(true)];
  }
  async function hasIcon(destination: string, pid: number): Promise<boolean> {
    const daemon = { destination: 'org.freedesktop.DBus', path: '/' };
    const method = `${daemon.destination}.GetConnectionUnixProcessID`;
    if (!(await bus.call(daemon, method, `string:${destination}`)).includes(`uint32 ${pid}\n`)) return false;
    return (await bus.property({ destination, path: ITEM_PATH }, ITEM, 'Title')) !== '';
  }

  return {
    async item(pid) {
      let found: string | undefined;
      const look = async () => {
        found = await findItem(pid);
        return found;
      };
      await expect.poll(look, { message: 'an icon in the tray' }).toBeDefined();
      return trayItem(bus, found ?? '');
    },
    stop: program.stop,
  };
}

function trayItem(bus: SessionBus, destination: string): TrayItem {
  const item = { destination, path: ITEM_PATH };

  async function menu() {
    const [path = ''] = strings(await bus.property(item, ITEM, 'Menu'));
    return { destination, path };
  }

  async function items(): Promise<MenuItem[]> {
    const layout = await bus.call(await menu(), `${MENU}.GetLayout`, 'int32:0', 'int32:-1', 'array:string:label');
    // Type `(ia{sv}av)`: id, properties, and children, each a variant of the same type.
    const [, ...children] = layout.split(/variant\s+struct \{/);
    return children.map((child) => ({
      id: /int32 (\d+)/.exec(child)?.[1] ?? '',
      label: /string "label"\s+variant\s+string "([^"]*)"/.exec(child)?.[1] ?? '',
    }));
  }

  return {
    // Type `(sa(iiay)ss)`: icon name, icon pixels, title, text.
    tooltip: async () => strings(await bus.property(item, ITEM, 'ToolTip'))[1] ?? '',
    async pixels() {
      const output = await bus.property(item, ITEM, 'IconPixmap');
      return output.slice(output.indexOf('variant'));
    },
    labels: async () => (await items()).map(({ label }) => label),
    async choose(label) {
      const found = (await items()).find((candidate) => candidate.label === label);
      if (!found) throw new Error(`the tray's menu has no ${label}`);
      const event = [`int32:${found.id}`, 'string:clicked', 'variant:string:', 'uint32:0'];
      await bus.call(await menu(), `${MENU}.Event`, ...event);
    },
    async click() {
      await bus.call(item, `${ITEM}.Activate`, 'int32:0', 'int32:0');
    },
  };
}
