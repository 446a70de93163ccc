import { Menu, type MenuItemConstructorOptions } from 'electron';

type Item = MenuItemConstructorOptions;

export interface MenuOptions {
  openWindow: () => void;
  /** In the place of Electron's role, which asks nobody. */
  quit: () => void;
  showAbout: () => void;
  copyDiagnostics: () => void;
  /** Whether the View menu offers them, and to reload the page. */
  devTools: boolean;
}

const SEPARATOR: Item = { type: 'separator' };

/**
 * The menu as the platform expects it. What the items do comes from Electron's roles. On macOS their words and order do
 * too; on Windows and Linux each has a letter that the Alt key reaches (`&`), and roles that only macOS has are left out.
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
    // On macOS About stands in the app's own menu.
    { role: 'help', label: '&Help', submenu: mac ? help : [...help, SEPARATOR, about] },
  ];
}

/** macOS: what Electron's own app menu holds, with our About and Quit in the place of its. */
function appMenu(about: Item, options: MenuOptions): Item {
  const groups = [['services'], ['hide', 'hideOthers', 'unhide']] as const;
  const rest = groups.flatMap((roles): Item[] => [SEPARATOR, ...roles.map((role) => ({ role }))]);
  return { label: 'Earshot', submenu: [about, ...rest, SEPARATOR, quitItem('Quit Earshot', options)] };
}

/** With the key that the role has, which is none on Windows. */
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

/** `zoom` of Electron's own Window menu does nothing here: to maximise is up to the window's frame. */
const WINDOW_MENU: Item = {
  label: '&Window',
  submenu: [
    { role: 'minimize', label: 'Mi&nimize' },
    { role: 'close', label: '&Close' },
  ],
};

/**
 * Without a reload in a package: its page does not change, and what it records would be cut.
 * A role has one key. The others that people press for the same, as in browsers, belong to items that are not shown.
 */
function viewMenu(mac: boolean, devTools: boolean): Item {
  const word = (label: string): Pick<Item, 'label'> => (mac ? {} : { label });
  const alsoBy = (role: 'zoomIn' | 'zoomOut' | 'resetZoom', keys: readonly string[]): Item[] =>
    keys.map((key) => ({ role, accelerator: `CmdOrCtrl+${key}`, visible: false, acceleratorWorksWhenHidden: true }));
  const reload: Item[] = [
    { role: 'reload', ...word('&Reload') },
    { role: 'forceReload', ...word('&Force Reload') },
    { role: 'toggleDevTools', ...word('Toggle &Developer Tools') },
    SEPARATOR,
  ];
  return {
    label: '&View',
    submenu: [
      ...(devTools ? reload : []),
      { role: 'resetZoom', ...word('&Actual Size') },
      ...alsoBy('resetZoom', ['num0']),
      { role: 'zoomIn', ...word('Zoom &In') },
      ...alsoBy('zoomIn', ['=', 'numadd']),
      { role: 'zoomOut', ...word('Zoom &Out') },
      ...alsoBy('zoomOut', ['numsub']),
      SEPARATOR,
      { role: 'togglefullscreen', ...word('Full &Screen') },
    ],
  };
}

export function setupMenu(options: MenuOptions, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, options)));
}
