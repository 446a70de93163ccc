import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, test } from '@playwright/test';
import { readLog } from '../testing/data-dir.ts';
import {
  type Display,
  displayTestUnavailable,
  electronCommand,
  launchOnDisplay,
  startDisplay,
} from './support/display.ts';

// Native parts of the desktop app, tested with a window manager and X11 keys. Each test has a separate display.

let dataDir: string;
let display: Display;
let app: ElectronApplication | undefined;

test.beforeEach(async () => {
  const unavailable = displayTestUnavailable(['xdotool', 'openbox', 'xwininfo']);
  test.skip(unavailable !== null, unavailable ?? '');
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-shell-'));
  display = await startDisplay('openbox');
});
test.afterEach(async () => {
  await app?.close().catch(() => {});
  app = undefined;
  await display?.end();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the app and focuses its window. @returns the window's X11 id */
async function launch(): Promise<string> {
  app = await launchOnDisplay(display, dataDir);
  const page = await app.firstWindow();
  await expect(page.locator('[data-view="idle"]')).toBeVisible();
  const id = display.run('xdotool', ['search', '--sync', '--onlyvisible', '--name', '^Earshot$']).split('\n')[0] ?? '';
  display.run('xdotool', ['windowactivate', '--sync', id]);
  return id;
}
const press = (...keys: string[]) => void display.run('xdotool', ['key', '--delay', '60', ...keys]);
const visibleWindows = () =>
  display.run('xdotool', ['search', '--onlyvisible', '--name', '^Earshot$']).split('\n').filter(Boolean);

/** Opens a menu by its access key, waits until the menu's window is visible, and presses the access key of an item. */
async function useMenu(menu: string, item: string): Promise<void> {
  press(menu);
  await expect.poll(menuIsOpen, { message: `the menu of ${menu} is open` }).toBe(true);
  press(item);
}

function menuIsOpen(): boolean {
  const ids = [...display.run('xwininfo', ['-root', '-children']).matchAll(/^ +(0x[0-9a-f]+)/gm)].map(
    ([, id]) => id ?? '',
  );
  return ids.some(
    (id) =>
      display.run('xprop', ['-id', id, '_NET_WM_WINDOW_TYPE']).includes('MENU') &&
      display.run('xwininfo', ['-id', id]).includes('IsViewable'),
  );
}
const zoom = () => app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel());
const windows = () => app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

test('the window has the app icon', async () => {
  const id = await launch();
  expect(display.run('xprop', ['-id', id, '_NET_WM_ICON'])).toContain('Icon (128 x 128)');
});

test('zoom accepts every usual key, including the numeric keypad', async () => {
  await launch();
  press('ctrl+equal');
  await expect.poll(zoom).toBe(0.5);
  press('ctrl+KP_Add');
  await expect.poll(zoom).toBe(1);
  press('ctrl+shift+equal');
  await expect.poll(zoom).toBe(1.5);
  press('ctrl+minus');
  await expect.poll(zoom).toBe(1);
  press('ctrl+KP_Subtract');
  await expect.poll(zoom).toBe(0.5);
  press('ctrl+0');
  await expect.poll(zoom).toBe(0);
});

test('the menu opens with its access keys', async () => {
  await launch();
  await useMenu('alt+f', 'n');
  await expect.poll(windows).toBe(2);
  // The new window takes the focus when it appears, so wait for it before activating the other one.
  await expect.poll(() => visibleWindows().length).toBe(2);
  display.run('xdotool', ['windowactivate', '--sync', visibleWindows()[0] ?? '']);
  await useMenu('alt+w', 'c');
  await expect.poll(windows).toBe(1);
});

test('the theme setting reaches the native parts and the background of the window', async () => {
  await launch();
  const native = () =>
    app?.evaluate(({ BrowserWindow, nativeTheme }) => ({
      dark: nativeTheme.shouldUseDarkColors,
      background: BrowserWindow.getAllWindows()[0]?.getBackgroundColor().toLowerCase(),
    }));
  const choose = async (theme: string) => {
    const page = await app?.firstWindow();
    await page?.evaluate(
      (theme) =>
        (window as unknown as { earshot: { changeSettings(patch: object): Promise<unknown> } }).earshot.changeSettings({
          theme,
        }),
      theme,
    );
  };
  await choose('dark');
  await expect.poll(native).toEqual({ dark: true, background: '#141617' });
  await choose('light');
  await expect.poll(native).toEqual({ dark: false, background: '#fcfcfa' });
});

test('logs a missing tray and no other problem at startup', async () => {
  await launch();
  await expect.poll(() => readLog(dataDir).filter(({ text }) => text.includes('type=no_tray')).length).toBe(1);
  expect(readLog(dataDir).filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

test('an unusable data folder shows a message box and writes the code to stderr', async () => {
  const file = join(dataDir, 'a-file');
  writeFileSync(file, '');
  const { program, args, env } = electronCommand(display, dataDir);
  const child = spawn(program, args, {
    env: { ...env, EARSHOT_DATA_DIR: join(file, 'data') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = once(child, 'exit');
  const findBox = () => display.run('xdotool', ['search', '--onlyvisible', '--name', '^Earshot$']).trim();
  await expect.poll(findBox, { message: 'the message box, found by its title' }).not.toBe('');
  expect(errors).toContain('data_dir_unusable: ');
  display.run('xdotool', ['windowactivate', '--sync', findBox()]);
  press('Return');
  expect(await exited).toEqual([1, null]);
});
