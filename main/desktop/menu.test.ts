import { beforeEach, expect, test, vi } from 'vitest';
import { Menu, resetFake } from './fake-electron.ts';
import { menuTemplate, setupMenu } from './menu.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
beforeEach(resetFake);

const options = { openWindow: () => {}, showAbout: () => {}, copyDiagnostics: () => {}, devTools: false };
const roles = (platform: NodeJS.Platform) => menuTemplate(platform, options).map(({ role, label }) => role ?? label);

test('the menu follows the platform: macOS has the app menu, the others quit from File', () => {
  expect(roles('darwin')).toEqual(['Earshot', '&File', 'editMenu', 'View', 'windowMenu', 'help']);
  expect(roles('linux')).toEqual(['&File', 'editMenu', 'View', 'windowMenu', 'help']);
  expect(menuTemplate('darwin', options)[1]?.submenu).toContainEqual({ role: 'close' });
  expect(menuTemplate('win32', options)[0]?.submenu).toContainEqual({ role: 'quit' });
});

test('the developer tools are in the menu only where a window may have them', () => {
  expect(JSON.stringify(menuTemplate('linux', options))).not.toMatch(/devtools|viewMenu/i);
  expect(JSON.stringify(menuTemplate('linux', options))).toContain('{"role":"zoomIn"}');
  expect(menuTemplate('linux', { ...options, devTools: true })).toContainEqual({ role: 'viewMenu' });
});

test('File > New Window opens a window, by its key too', () => {
  const open = vi.fn();
  setupMenu({ ...options, openWindow: open }, 'linux');
  const items = Menu.template[0]?.submenu as { label?: string; accelerator?: string; click?: () => void }[];
  const item = items.find(({ label }) => label === 'New Window');
  expect(item?.accelerator).toBe('CmdOrCtrl+N');
  item?.click?.();
  expect(open).toHaveBeenCalledExactlyOnceWith();
});

test('macOS finds in the app menu what its programs have there', () => {
  const [app] = menuTemplate('darwin', options);
  const items = app?.submenu as { role?: string; label?: string }[];
  expect(items.map(({ role, label }) => role ?? label).filter(Boolean)).toEqual([
    'About Earshot',
    'services',
    'hide',
    'hideOthers',
    'unhide',
    'quit',
  ]);
});

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s About is there once, and the diagnostics under Help',
  (platform) => {
    const showAbout = vi.fn();
    const copyDiagnostics = vi.fn();
    const template = menuTemplate(platform, { ...options, showAbout, copyDiagnostics });
    const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const click = (label: string) => {
      const found = items.filter((item) => item.label === label);
      expect(found).toHaveLength(1);
      (found[0]?.click as (() => void) | undefined)?.();
    };
    click('About Earshot');
    expect(showAbout).toHaveBeenCalledExactlyOnceWith();
    click('Copy Diagnostics');
    expect(copyDiagnostics).toHaveBeenCalledExactlyOnceWith();
  },
);
