import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { BrowserWindow, nativeTheme, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { applyTheme, setupTheme, windowBackground } from './theme.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

test('menus and dialogs have the chosen theme, whatever the system theme is', () => {
  nativeTheme.systemIsDark = true;
  applyTheme('light');
  const light = windowBackground();
  applyTheme('dark');
  const dark = windowBackground();
  expect(dark).not.toBe(light);
  applyTheme('system');
  expect(windowBackground()).toBe(dark);
});

test('a change of the theme changes the background of open windows', () => {
  setupTheme();
  const [first, second] = [openFakeWindow(), openFakeWindow()];
  applyTheme('dark');
  for (const window of [first, second]) expect(window.backgroundColor).toBe(windowBackground());
  nativeTheme.systemIsDark = false;
  applyTheme('system');
  expect(BrowserWindow.all.map(({ backgroundColor }) => backgroundColor)).toEqual([
    windowBackground(),
    windowBackground(),
  ]);
});

test('the backgrounds are the same as in the page', () => {
  const css = readFileSync(join(import.meta.dirname, '../../renderer/ui/tokens.css'), 'utf8');
  const [, light, dark] = /--bg: light-dark\((#\w+), (#\w+)\)/.exec(css) ?? [];
  applyTheme('light');
  expect(windowBackground()).toBe(light);
  applyTheme('dark');
  expect(windowBackground()).toBe(dark);
});
