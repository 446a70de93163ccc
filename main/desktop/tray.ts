import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron';
import type { MicCommand } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { Host } from '../host/host.ts';
import { hasStatusNotifier } from './tray-host.ts';

export interface TrayOptions {
  /** Absolute; the folder of the icons. */
  icons: string;
  listening: Host['listening'];
  send: (command: MicCommand) => void;
  showWindow: () => void;
  openWindow: () => void;
  quit: () => void;
  log: Log;
  /** Asks whether a Linux desktop has a tray; null: that is not known. */
  trayHost?: () => Promise<boolean | null>;
  platform?: NodeJS.Platform;
}

/** macOS tints an icon whose name ends in "Template" as its menu bar needs it. The `@2x` beside it is found by itself. */
export function trayIcon(platform: NodeJS.Platform, listening: boolean): string {
  return `tray${listening ? 'Listening' : ''}${platform === 'darwin' ? 'Template' : ''}.png`;
}

/** Shows in the tray whether anybody listens, with the few things that are wanted without a window. */
export function setupTray(options: TrayOptions): void {
  const { icons, listening, log, trayHost = hasStatusNotifier, platform = process.platform } = options;
  const icon = () => join(icons, trayIcon(platform, listening.turns() > 0));
  let tray: Tray;
  try {
    tray = new Tray(icon());
  } catch (error) {
    // Some Linux desktops have no tray. All it offers is in the window too.
    log('WARNING', { type: 'no_tray', detail: describeError(error) });
    return;
  }

  let shown: boolean | null = null;
  function show(): void {
    const active = listening.turns() > 0;
    if (active === shown) return;
    shown = active;
    tray.setImage(icon());
    tray.setToolTip(active ? 'Earshot is listening' : 'Earshot');
    // Linux takes no notice of an item that changes in a menu which is set already.
    tray.setContextMenu(Menu.buildFromTemplate(menu(active)));
  }
  const menu = (active: boolean): MenuItemConstructorOptions[] => [
    active
      ? { label: 'Stop Listening', click: () => options.send('stop') }
      : { label: 'Start Listening', click: () => options.send('start') },
    { type: 'separator' },
    { label: 'Show Window', click: () => options.showWindow() },
    { label: 'New Window', click: () => options.openWindow() },
    { type: 'separator' },
    { label: 'Quit Earshot', click: () => options.quit() },
  ];

  show();
  if (platform === 'linux') void tellMissingHost(trayHost, log);
  // Held by the listener: a tray that nobody holds is collected, and its icon disappears.
  listening.onChange(show);
  // On macOS a click opens the menu.
  if (platform !== 'darwin') tray.on('click', () => options.showWindow());
}

const MISSING = {
  none: 'the desktop has no StatusNotifier tray: the icon shows only in one of the older kind (XEmbed), if there is one',
  unknown: 'whether the desktop has a tray is not known: no D-Bus session, or nothing to ask it with',
};

/** Electron makes a tray whether or not anything shows it, and tells nobody. All it offers is in the window too. */
async function tellMissingHost(trayHost: () => Promise<boolean | null>, log: Log): Promise<void> {
  const there = await trayHost();
  if (there !== true)
    log('WARNING', { type: 'no_tray', detail: there === false ? MISSING.none : MISSING.unknown }, 'info');
}
