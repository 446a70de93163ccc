import { Menu, type MenuItemConstructorOptions } from 'electron';

interface MenuOptions {
  openWindow: () => void;
  /** Whether the View menu offers them. */
  devTools: boolean;
}

/** What Electron's own View menu holds, less the developer tools. */
const VIEW_ROLES = ['reload', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;

/** The menu as the platform expects it: what is standard comes from Electron's roles, with the system's own words. */
export function menuTemplate(
  platform: NodeJS.Platform,
  { openWindow, devTools }: MenuOptions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Window', accelerator: 'CmdOrCtrl+N', click: () => openWindow() },
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    devTools ? { role: 'viewMenu' } : { label: 'View', submenu: VIEW_ROLES.map((role) => ({ role })) },
    { role: 'windowMenu' },
  ];
}

export function setupMenu(options: MenuOptions, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, options)));
}
