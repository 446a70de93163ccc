import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron';
import type { MicCommand } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { Host } from '../host/host.ts';
import { text } from '../text/text.ts';

export interface TrayOptions {
  /** Absolute path of the icons' folder. */
  icons: string;
  activeTurns: Host['activeTurns'];
  send: (command: MicCommand) => void;
  showWindow: () => void;
  openWindow: () => void;
  quit: () => void;
  log: Log;
  /** Checks whether a Linux desktop has a tray; null: unknown. */
  trayHost: () => Promise<boolean | null>;
  platform?: NodeJS.Platform;
}

/**
 * The icon's file name. macOS adapts an icon whose name ends in "Template" to its menu bar. Electron finds the `@2x`
 * file.
 */
export function trayIcon(platform: NodeJS.Platform, state: TrayState): string {
  const name = { idle: 'tray', listening: 'trayListening', paused: 'trayPaused' }[state];
  return `${name}${platform === 'darwin' ? 'Template' : ''}.png`;
}

type TrayState = 'idle' | 'listening' | 'paused';

/** `paused` only if every open turn is. */
function trayState({ turns, paused }: TrayOptions['activeTurns']): TrayState {
  if (turns() === 0) return 'idle';
  return paused() === turns() ? 'paused' : 'listening';
}

/**
 * Shows in the tray whether Earshot is listening (red) or paused (a red ring), with a menu to start or stop, show a window
 * or quit. @returns writes its texts again, after a change of the language
 */
export function setupTray(options: TrayOptions): () => void {
  const { icons, activeTurns, log, trayHost, platform = process.platform } = options;
  const icon = () => join(icons, trayIcon(platform, trayState(activeTurns)));
  let tray: Tray;
  try {
    tray = new Tray(icon());
  } catch (error) {
    // Some Linux desktops have no tray. The window offers everything that the tray does.
    log('WARNING', { type: 'no_tray', detail: describeError(error) });
    return () => {};
  }

  let shown: TrayState | null = null;
  function show(): void {
    const state = trayState(activeTurns);
    if (state === shown) return;
    shown = state;
    tray.setImage(icon());
    tray.setToolTip({ idle: text.app.name, listening: text.tray.listening, paused: text.tray.paused }[state]);
    // Linux ignores changes to the items of a menu that is already set.
    tray.setContextMenu(Menu.buildFromTemplate(menu(state)));
  }
  const item = (label: string, command: MicCommand) => ({ label, click: () => options.send(command) });
  const talk = (): Record<TrayState, MenuItemConstructorOptions[]> => ({
    idle: [item(text.tray.start, 'start')],
    listening: [item(text.tray.stop, 'stop'), item(text.tray.pause, 'pause')],
    paused: [item(text.tray.stop, 'stop'), item(text.tray.continue, 'continue')],
  });
  const menu = (state: TrayState): MenuItemConstructorOptions[] => [
    ...talk()[state],
    { type: 'separator' },
    { label: text.tray.showWindow, click: () => options.showWindow() },
    { label: text.tray.newWindow, click: () => options.openWindow() },
    { type: 'separator' },
    { label: text.tray.quit, click: () => options.quit() },
  ];

  show();
  if (platform === 'linux') void logMissingTray(trayHost, log);
  // The listener keeps a reference to the tray: without one the tray is garbage-collected and its icon disappears.
  activeTurns.onChange(show);
  // On macOS a click opens the tray's menu.
  if (platform !== 'darwin') tray.on('click', () => options.showWindow());
  return () => {
    shown = null;
    show();
  };
}

const NO_TRAY_DETAIL = {
  none: 'the desktop has no StatusNotifier tray: the icon is only visible if there is an XEmbed tray',
  unknown: 'it is unknown whether the desktop has a tray: there is no D-Bus session, or no tool to query it',
};

/** Logs a missing tray: Electron creates its icon even if no desktop shows it. */
async function logMissingTray(trayHost: () => Promise<boolean | null>, log: Log): Promise<void> {
  const exists = await trayHost();
  if (exists !== true)
    log(
      'WARNING',
      { type: 'no_tray', detail: exists === false ? NO_TRAY_DETAIL.none : NO_TRAY_DETAIL.unknown },
      'info',
    );
}
