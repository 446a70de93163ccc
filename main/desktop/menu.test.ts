import { beforeEach, expect, test, vi } from 'vitest';
import { Menu, resetFake } from './fake-electron.ts';
import { menuTemplate, setupMenu } from './menu.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
beforeEach(resetFake);

const roles = (platform: NodeJS.Platform) => menuTemplate(platform, () => {}).map(({ role, label }) => role ?? label);

test('the menu follows the platform: macOS has the app menu, the others quit from File', () => {
  expect(roles('darwin')).toEqual(['appMenu', '&File', 'editMenu', 'viewMenu', 'windowMenu']);
  expect(roles('linux')).toEqual(['&File', 'editMenu', 'viewMenu', 'windowMenu']);
  expect(menuTemplate('darwin', () => {})[1]?.submenu).toContainEqual({ role: 'close' });
  expect(menuTemplate('win32', () => {})[0]?.submenu).toContainEqual({ role: 'quit' });
});

test('File > New Window opens a window, by its key too', () => {
  const open = vi.fn();
  setupMenu(open, 'linux');
  const items = Menu.template[0]?.submenu as { label?: string; accelerator?: string; click?: () => void }[];
  const item = items.find(({ label }) => label === 'New Window');
  expect(item?.accelerator).toBe('CmdOrCtrl+N');
  item?.click?.();
  expect(open).toHaveBeenCalledExactlyOnceWith();
});
