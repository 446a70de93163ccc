import { beforeEach, expect, test, vi } from 'vitest';
import { Menu, resetFake } from './fake-electron.ts';
import { menuTemplate, setupMenu } from './menu.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
beforeEach(resetFake);

const options = { openWindow: () => {}, devTools: false };
const roles = (platform: NodeJS.Platform) => menuTemplate(platform, options).map(({ role, label }) => role ?? label);

test('the menu follows the platform: macOS has the app menu, the others quit from File', () => {
  expect(roles('darwin')).toEqual(['appMenu', '&File', 'editMenu', 'View', 'windowMenu']);
  expect(roles('linux')).toEqual(['&File', 'editMenu', 'View', 'windowMenu']);
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
