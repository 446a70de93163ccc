import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Menu, resetFake } from '../testing/fake-electron.ts';
import { type MenuOptions, menuTemplate, setupMenu } from './menu.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
});

type Item = ReturnType<typeof menuTemplate>[number];
const options: MenuOptions = {
  openWindow: () => {},
  newWindowKeys: 'CommandOrControl+N',
  send: () => {},
  quit: vi.fn(),
  showAbout: () => {},
  showFirstSteps: () => {},
  copyDiagnostics: () => {},
  devTools: false,
};
const menus = (platform: NodeJS.Platform) => menuTemplate(platform, options).map(({ role, label }) => label ?? role);
const itemsOf = ({ submenu }: Item): Item[] => (Array.isArray(submenu) ? submenu : []);
const all = (platform: NodeJS.Platform, more: Partial<MenuOptions> = {}) =>
  menuTemplate(platform, { ...options, ...more }).flatMap(itemsOf);
const shown = (items: Item[]) => items.filter(({ type, visible }) => type !== 'separator' && visible !== false);
/** The access key, used with Alt. */
const mnemonic = ({ label = '' }: Item) => /&(\w)/.exec(label)?.[1]?.toLowerCase();

test('the menu follows the platform: macOS has the app menu, the others quit from File', () => {
  expect(menus('darwin')).toEqual(['Earshot', '&File', 'editMenu', '&Talk', '&View', 'windowMenu', '&Help']);
  expect(menus('linux')).toEqual(['&File', '&Edit', '&Talk', '&View', '&Window', '&Help']);
  expect(menuTemplate('darwin', options)[1]?.submenu).toContainEqual({ role: 'close' });
  expect(menuTemplate('win32', options)[0]?.submenu).toContainEqual({ label: 'E&xit', click: expect.any(Function) });
  expect(menuTemplate('linux', options)[0]?.submenu).toContainEqual({
    label: '&Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: expect.any(Function),
  });
});

test.each(['darwin', 'win32', 'linux'] as const)('on %s Quit asks first during a turn', (platform) => {
  const [quit, ...others] = all(platform).filter(({ label }) => /Quit|E&xit/.test(label ?? ''));
  expect([others, quit?.role]).toEqual([[], undefined]);
  (quit?.click as (() => void) | undefined)?.();
  expect(options.quit).toHaveBeenCalledTimes(1);
});

describe.each(['linux', 'win32'] as const)('on %s', (platform) => {
  test.each([false, true])(
    'each menu and item has an access key that is unique in its menu (developer tools: %s)',
    (devTools) => {
      const template = menuTemplate(platform, { ...options, devTools });
      for (const items of [template, ...template.map((menu) => shown(itemsOf(menu)))]) {
        const letters = items.map(mnemonic);
        expect(letters).not.toContain(undefined);
        expect(new Set(letters).size, letters.join()).toBe(letters.length);
      }
    },
  );

  test('no item has a role that only macOS supports', () => {
    const roles = all(platform, { devTools: true }).map(({ role }) => role);
    for (const role of ['zoom', 'front', 'window', 'hide', 'services', 'pasteAndMatchStyle']) {
      expect(roles).not.toContain(role);
    }
  });
});

test.each(['linux', 'win32', 'darwin'] as const)('on %s the zoom has its usual keys', (platform) => {
  const keys = (role: string) =>
    all(platform)
      .filter((item) => item.role === role && item.visible === false)
      .map(({ accelerator }) => accelerator);
  expect(keys('zoomIn')).toEqual(['CmdOrCtrl+=', 'CmdOrCtrl+numadd']);
  expect(keys('zoomOut')).toEqual(['CmdOrCtrl+numsub']);
  expect(keys('resetZoom')).toEqual(['CmdOrCtrl+num0']);
  for (const role of ['zoomIn', 'zoomOut', 'resetZoom']) {
    expect(shown(all(platform)).filter((item) => item.role === role)).toHaveLength(1);
  }
});

test('developer tools and Reload are in the menu only if windows may have them', () => {
  const roles = (devTools: boolean) => all('linux', { devTools }).map(({ role }) => role);
  expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'forceReload', 'toggleDevTools']));
  for (const role of ['reload', 'forceReload', 'toggleDevTools']) expect(roles(false)).not.toContain(role);
});

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s a package has no Reload, which would end a turn, neither in a menu nor by Ctrl+R',
  (platform) => {
    const packaged = JSON.stringify(menuTemplate(platform, options));
    // Electron assigns Ctrl+R to these roles, and its View menu contains both.
    expect(packaged).not.toMatch(/"(reload|forceReload|viewMenu)"/i);
    expect(packaged).not.toMatch(/"accelerator":"[^"]*\+R"/);
  },
);

test('File > New Window opens a window, also by its shortcut', () => {
  const open = vi.fn();
  setupMenu({ ...options, openWindow: open }, 'linux');
  const items = Menu.template[0]?.submenu as { label?: string; accelerator?: string; click?: () => void }[];
  const item = items.find(({ label }) => label === '&New Window');
  expect(item?.accelerator).toBe('CommandOrControl+N');
  item?.click?.();
  expect(open).toHaveBeenCalledExactlyOnceWith();
});

test('New Window has the keys of the settings, or none', () => {
  const keys = (newWindowKeys: string) =>
    all('linux', { newWindowKeys }).find(({ label }) => label === '&New Window')?.accelerator;
  expect(['F6', '', 'Space'].map(keys)).toEqual(['F6', undefined, undefined]);
});

test('the Talk menu sends the commands of the mic', () => {
  const send = vi.fn();
  const talk = menuTemplate('linux', { ...options, send }).find(({ label }) => label === '&Talk');
  for (const item of itemsOf(talk ?? {})) (item.click as (() => void) | undefined)?.();
  expect(send.mock.calls).toEqual([['toggle'], ['toggle_pause'], ['toggle_mute']]);
});

test('macOS has the usual items in the app menu', () => {
  const [app] = menuTemplate('darwin', options);
  const names = itemsOf(app ?? {}).map(({ role, label }) => role ?? label);
  expect(names.filter(Boolean)).toEqual(['&About Earshot', 'services', 'hide', 'hideOthers', 'unhide', 'Quit Earshot']);
});

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s there is one About item, and the first steps and the diagnostics are in Help',
  (platform) => {
    const showAbout = vi.fn();
    const copyDiagnostics = vi.fn();
    const showFirstSteps = vi.fn();
    const items = all(platform, { showAbout, showFirstSteps, copyDiagnostics });
    const click = (label: string) => {
      const found = items.filter((item) => item.label === label);
      expect(found).toHaveLength(1);
      (found[0]?.click as (() => void) | undefined)?.();
    };
    click('&About Earshot');
    expect(showAbout).toHaveBeenCalledExactlyOnceWith();
    click('&First Steps');
    expect(showFirstSteps).toHaveBeenCalledExactlyOnceWith();
    click('Copy &Diagnostics');
    expect(copyDiagnostics).toHaveBeenCalledExactlyOnceWith();
  },
);
