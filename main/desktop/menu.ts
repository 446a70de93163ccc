import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MicCommand } from '../../shared/desktop.ts';
import { text } from '../text/text.ts';

type Item = MenuItemConstructorOptions;

export interface MenuOptions {
  openWindow: () => void;
  /** The keys of New Window, as in the settings; empty: none. */
  newWindowKeys: string;
  send: (command: MicCommand) => void;
  /** Used instead of Electron's role, which quits without confirmation. */
  quit: () => void;
  showAbout: () => void;
  showFirstSteps: () => void;
  copyDiagnostics: () => void;
  /** Whether the View menu has items for developer tools and for reloading the page. */
  devTools: boolean;
}

const SEPARATOR: Item = { type: 'separator' };

/**
 * The application menu for a platform. Most items are Electron's roles. On macOS the roles also give the labels and the
 * order; on Windows and Linux each label has an access key (`&`), and roles that exist only on macOS are left out.
 */
export function menuTemplate(platform: NodeJS.Platform, options: MenuOptions): Item[] {
  const mac = platform === 'darwin';
  const about: Item = { label: text.menu.about, click: () => options.showAbout() };
  const help: Item[] = [
    { label: text.menu.firstSteps, click: () => options.showFirstSteps() },
    { label: text.menu.copyDiagnostics, click: () => options.copyDiagnostics() },
  ];
  return [
    ...(mac ? [appMenu(about, options)] : []),
    {
      label: text.menu.file,
      submenu: [
        { label: text.menu.newWindow, ...keysOf(options), click: () => options.openWindow() },
        SEPARATOR,
        mac ? { role: 'close' } : platform === 'win32' ? exitItem(options) : quitItem(text.menu.quit, options),
      ],
    },
    mac ? { role: 'editMenu' } : editMenu(),
    talkMenu(options),
    viewMenu(mac, options.devTools),
    mac ? { role: 'windowMenu' } : windowMenu(),
    // On macOS About is in the app menu.
    { role: 'help', label: text.menu.help, submenu: mac ? help : [...help, SEPARATOR, about] },
  ];
}

/** macOS: Electron's app menu, with Earshot's About and Quit. */
function appMenu(about: Item, options: MenuOptions): Item {
  const groups = [['services'], ['hide', 'hideOthers', 'unhide']] as const;
  const rest = groups.flatMap((roles): Item[] => [SEPARATOR, ...roles.map((role) => ({ role }))]);
  return { label: text.app.name, submenu: [about, ...rest, SEPARATOR, quitItem(text.menu.quitEarshot, options)] };
}

/** Space alone would be gone from every text field. */
function keysOf({ newWindowKeys }: MenuOptions): Pick<Item, 'accelerator'> {
  return newWindowKeys === '' || newWindowKeys === 'Space' ? {} : { accelerator: newWindowKeys };
}

/** The same actions as the mic button and the buttons below it. The window handles their keys, so that they can be held. */
function talkMenu({ send }: MenuOptions): Item {
  return {
    label: text.menu.talk,
    submenu: [
      { label: text.menu.toggle, click: () => send('toggle') },
      { label: text.menu.togglePause, click: () => send('toggle_pause') },
      { label: text.menu.toggleMute, click: () => send('toggle_mute') },
    ],
  };
}

/** Has the same accelerator as Electron's role. */
function quitItem(label: string, { quit }: MenuOptions): Item {
  return { label, accelerator: 'CmdOrCtrl+Q', click: () => quit() };
}

/** Windows: without an accelerator, like Electron's role. */
function exitItem({ quit }: MenuOptions): Item {
  return { label: text.menu.exit, click: () => quit() };
}

const editMenu = (): Item => ({
  label: text.menu.edit,
  submenu: [
    { role: 'undo', label: text.menu.undo },
    { role: 'redo', label: text.menu.redo },
    SEPARATOR,
    { role: 'cut', label: text.menu.cut },
    { role: 'copy', label: text.menu.copy },
    { role: 'paste', label: text.menu.paste },
    { role: 'delete', label: text.menu.delete },
    SEPARATOR,
    { role: 'selectAll', label: text.menu.selectAll },
  ],
});

/** Leaves out `zoom` of Electron's Window menu, which does nothing on Windows and Linux. */
const windowMenu = (): Item => ({
  label: text.menu.window,
  submenu: [
    { role: 'minimize', label: text.menu.minimize },
    { role: 'close', label: text.menu.close },
  ],
});

/**
 * A package has no reload: its page does not change, and a reload would end a turn.
 * An item has one accelerator; hidden items provide the other keys that browsers use for the same action.
 */
function viewMenu(mac: boolean, devTools: boolean): Item {
  const labelled = (label: string): Pick<Item, 'label'> => (mac ? {} : { label });
  const hiddenItems = (role: 'zoomIn' | 'zoomOut' | 'resetZoom', keys: readonly string[]): Item[] =>
    keys.map((key) => ({ role, accelerator: `CmdOrCtrl+${key}`, visible: false, acceleratorWorksWhenHidden: true }));
  const reload: Item[] = [
    { role: 'reload', ...labelled(text.menu.reload) },
    { role: 'forceReload', ...labelled(text.menu.forceReload) },
    { role: 'toggleDevTools', ...labelled(text.menu.developerTools) },
    SEPARATOR,
  ];
  return {
    label: text.menu.view,
    submenu: [
      ...(devTools ? reload : []),
      { role: 'resetZoom', ...labelled(text.menu.actualSize) },
      ...hiddenItems('resetZoom', ['num0']),
      { role: 'zoomIn', ...labelled(text.menu.zoomIn) },
      ...hiddenItems('zoomIn', ['=', 'numadd']),
      { role: 'zoomOut', ...labelled(text.menu.zoomOut) },
      ...hiddenItems('zoomOut', ['numsub']),
      SEPARATOR,
      { role: 'togglefullscreen', ...labelled(text.menu.fullScreen) },
    ],
  };
}

export function setupMenu(options: MenuOptions, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, options)));
}
