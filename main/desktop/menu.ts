import { Menu, type MenuItemConstructorOptions } from 'electron';

type Item = MenuItemConstructorOptions;

export interface MenuOptions {
  openWindow: () => void;
  /** Used instead of Electron's role, which quits without confirmation. */
  quit: () => void;
  showAbout: () => void;
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
  const about: Item = { label: '&About Earshot', click: () => options.showAbout() };
  const help: Item[] = [{ label: 'Copy &Diagnostics', click: () => options.copyDiagnostics() }];
  return [
    ...(mac ? [appMenu(about, options)] : []),
    {
      label: '&File',
      submenu: [
        { label: '&New Window', accelerator: 'CmdOrCtrl+N', click: () => options.openWindow() },
        SEPARATOR,
        mac ? { role: 'close' } : quitItem(platform === 'win32' ? 'E&xit' : '&Quit', options),
      ],
    },
    mac ? { role: 'editMenu' } : EDIT_MENU,
    viewMenu(mac, options.devTools),
    mac ? { role: 'windowMenu' } : WINDOW_MENU,
    // On macOS About is in the app menu.
    { role: 'help', label: '&Help', submenu: mac ? help : [...help, SEPARATOR, about] },
  ];
}

/** macOS: Electron's app menu, with Earshot's About and Quit. */
function appMenu(about: Item, options: MenuOptions): Item {
  const groups = [['services'], ['hide', 'hideOthers', 'unhide']] as const;
  const rest = groups.flatMap((roles): Item[] => [SEPARATOR, ...roles.map((role) => ({ role }))]);
  return { label: 'Earshot', submenu: [about, ...rest, SEPARATOR, quitItem('Quit Earshot', options)] };
}

/** Has the same accelerator as Electron's role: none on Windows. */
function quitItem(label: string, { quit }: MenuOptions): Item {
  const key: Pick<Item, 'accelerator'> = label === 'E&xit' ? {} : { accelerator: 'CmdOrCtrl+Q' };
  return { label, ...key, click: () => quit() };
}

const EDIT_MENU: Item = {
  label: '&Edit',
  submenu: [
    { role: 'undo', label: '&Undo' },
    { role: 'redo', label: '&Redo' },
    SEPARATOR,
    { role: 'cut', label: 'Cu&t' },
    { role: 'copy', label: '&Copy' },
    { role: 'paste', label: '&Paste' },
    { role: 'delete', label: '&Delete' },
    SEPARATOR,
    { role: 'selectAll', label: 'Select &All' },
  ],
};

/** Leaves out `zoom` of Electron's Window menu, which does nothing on Windows and Linux. */
const WINDOW_MENU: Item = {
  label: '&Window',
  submenu: [
    { role: 'minimize', label: 'Mi&nimize' },
    { role: 'close', label: '&Close' },
  ],
};

/**
 * A package has no reload: its page does not change, and a reload would end a turn.
 * An item has one accelerator; hidden items provide the other keys that browsers use for the same action.
 */
function viewMenu(mac: boolean, devTools: boolean): Item {
  const labelled = (label: string): Pick<Item, 'label'> => (mac ? {} : { label });
  const hiddenItems = (role: 'zoomIn' | 'zoomOut' | 'resetZoom', keys: readonly string[]): Item[] =>
    keys.map((key) => ({ role, accelerator: `CmdOrCtrl+${key}`, visible: false, acceleratorWorksWhenHidden: true }));
  const reload: Item[] = [
    { role: 'reload', ...labelled('&Reload') },
    { role: 'forceReload', ...labelled('&Force Reload') },
    { role: 'toggleDevTools', ...labelled('Toggle &Developer Tools') },
    SEPARATOR,
  ];
  return {
    label: '&View',
    submenu: [
      ...(devTools ? reload : []),
      { role: 'resetZoom', ...labelled('&Actual Size') },
      ...hiddenItems('resetZoom', ['num0']),
      { role: 'zoomIn', ...labelled('Zoom &In') },
      ...hiddenItems('zoomIn', ['=', 'numadd']),
      { role: 'zoomOut', ...labelled('Zoom &Out') },
      ...hiddenItems('zoomOut', ['numsub']),
      SEPARATOR,
      { role: 'togglefullscreen', ...labelled('Full &Screen') },
    ],
  };
}

export function setupMenu(options: MenuOptions, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, options)));
}
