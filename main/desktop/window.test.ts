import { beforeEach, expect, test, vi } from 'vitest';
import { BrowserWindow, nativeTheme, resetFake } from '../testing/fake-electron.ts';
import { createWindow } from './window.ts';
import type { WindowBounds } from './window-bounds.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

const log = vi.fn();
const BOUNDS: WindowBounds = { bounds: { x: 10, y: 20, width: 700, height: 600 }, mode: 'normal' };
function open(onShown = () => {}, devTools = false, initial = BOUNDS): BrowserWindow {
  createWindow({
    preload: '/opt/earshot/dist/preload/index.cjs',
    devTools,
    initial,
    icon: { icon: '/opt/earshot/icon.png' },
    log,
    onShown,
  });
  return BrowserWindow.all.at(-1) as BrowserWindow;
}

test('H36 the page is sandboxed and isolated, without Node, webviews or weakened security', () => {
  expect(open().options.webPreferences).toEqual({
    preload: '/opt/earshot/dist/preload/index.cjs',
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    backgroundThrottling: false,
  });
});

test('a window has developer tools only if allowed, and the default session', () => {
  const webPreferences = open(() => {}, true).options.webPreferences ?? {};
  expect(webPreferences.devTools).toBe(true);
  expect(Object.keys(webPreferences)).not.toContain('partition');
  expect(Object.keys(webPreferences)).not.toContain('session');
});

test('a window loads our page by our scheme and has a minimum size', () => {
  const { loaded, options } = open();
  expect(loaded).toEqual(['earshot://app/index.html']);
  expect(options).toMatchObject({ minWidth: 360, minHeight: 480 });
});

test('the menu bar, with About and the diagnostics, is always visible', () => {
  expect(open().options.autoHideMenuBar ?? false).toBe(false);
});

test('a window is hidden until its first paint, then reports it once', () => {
  const onShown = vi.fn();
  const window = open(onShown);
  expect(window.options.show).toBe(false);
  expect(window.shown).toBe(false);
  window.emit('ready-to-show');
  window.emit('ready-to-show');
  expect(window.shown).toBe(true);
  expect(onShown).toHaveBeenCalledTimes(1);
});

test('a window has the given icon', () => {
  expect(open().options.icon).toBe('/opt/earshot/icon.png');
});

test('before the first paint a window has the background of the theme', () => {
  const light = open().options.backgroundColor;
  nativeTheme.themeSource = 'dark';
  expect(open().options.backgroundColor).not.toBe(light);
});

test('several windows can be open; each is logged when it opens and closes', () => {
  log.mockClear();
  const first = open();
  const second = open();
  first.close();
  expect(BrowserWindow.all).toEqual([second]);
  expect(log.mock.calls).toEqual([
    ['WINDOW_OPENED', { window: first.id }],
    ['WINDOW_OPENED', { window: second.id }],
    ['WINDOW_CLOSED', { window: first.id }],
  ]);
});

test('a page that cannot be loaded is logged, and its window is shown', async () => {
  BrowserWindow.load = () => Promise.reject(new Error('ERR_FILE_NOT_FOUND'));
  const window = open();
  await vi.waitFor(() => expect(window.shown).toBe(true));
  expect(log).toHaveBeenCalledWith('ERROR', {
    type: 'window_load_failed',
    window: window.id,
    detail: 'ERR_FILE_NOT_FOUND',
  });
});

test('a load that was replaced by a reload is not a failure', async () => {
  log.mockClear();
  const replaced = Promise.reject(
    Object.assign(new Error('ERR_ABORTED (-3) loading'), { code: 'ERR_ABORTED', errno: -3 }),
  );
  BrowserWindow.load = () => replaced;
  const window = open();
  await expect(replaced).rejects.toThrow();
  expect(log.mock.calls.map(([event]) => event)).toEqual(['WINDOW_OPENED']);
  expect(window.shown).toBe(false);
  window.emit('ready-to-show');
  expect(window.shown).toBe(true);
});

test('a window closed while it was loading is left alone', async () => {
  log.mockClear();
  let giveUp: (error: Error) => void = () => {};
  const load = new Promise<void>((_resolve, reject) => {
    giveUp = reject;
  });
  BrowserWindow.load = () => load;
  const window = open();
  window.close();
  giveUp(new Error('ERR_ABORTED'));
  await expect(load).rejects.toThrow();
  expect(window.shown).toBe(false);
  expect(log.mock.calls.map(([event]) => event)).toEqual(['WINDOW_OPENED', 'WINDOW_CLOSED']);
});

test('a window opens at the given position', () => {
  expect(open().options).toMatchObject({ x: 10, y: 20, width: 700, height: 600 });
});

test.each([
  ['maximized', { maximized: true, fullScreen: false }],
  ['full_screen', { maximized: false, fullScreen: true }],
  ['normal', { maximized: false, fullScreen: false }],
] as const)('a window that is to be %s is so when there is something to see, and not before', (mode, expected) => {
  const window = open(() => {}, false, { ...BOUNDS, mode });
  expect(window).toMatchObject({ shown: false, maximized: false, fullScreen: false });
  window.emit('ready-to-show');
  expect(window).toMatchObject({ shown: true, ...expected });
});
