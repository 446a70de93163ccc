import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  openWindow: () => void;
  showAbout: () => void;
  copyDiagnostics: () => void;
  /** Whether the View menu offers them. */
  devTools: boolean;
}

/** As Electron's own View menu, but for the developer tools and the reload past the cache: the page comes from the package. */
const VIEW_ROLES = ['reload', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;

/** The menu as the platform expects it: what is standard comes from Electron's roles, with the system's own words. */
export function menuTemplate(platform: NodeJS.Platform, options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const about: MenuItemConstructorOptions = { label: 'About Earshot', click: () => options.showAbout() };
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [appMenu(about)] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Window', accelerator: 'CmdOrCtrl+N', click: () => options.openWindow() },
        separator,
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    options.devTools ? { role: 'viewMenu' } : { label: 'View', submenu: VIEW_ROLES.map((role) => ({ role })) },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Copy Diagnostics', click: () => options.copyDiagnostics() },
        // On macOS it stands in the app's own menu.
        ...(mac ? [] : [separator, about]),
      ],
    },
  ];
}

/** macOS: what Electron's own app menu holds, with our About in the place of its. */
function appMenu(about: MenuItemConstructorOptions): MenuItemConstructorOptions {
  const groups = [['services'], ['hide', 'hideOthers', 'unhide'], ['quit']] as const;
  const rest = groups.flatMap((roles): MenuItemConstructorOptions[] => [
    { type: 'separator' },
    ...roles.map((role) => ({ role })),
  ]);
  return { label: 'Earshot', submenu: [about, ...rest] };
}

export function setupMenu(options: MenuOptions, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, options)));
}
