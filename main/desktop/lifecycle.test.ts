import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { app, FakeEvent, openFakeWindow, resetFake } from './fake-electron.ts';
import { RELOAD_PAUSE_MS, STOP_LIMIT_MS, setupLifecycle } from './lifecycle.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const log = vi.fn();
let now = 0;
beforeEach(() => {
  resetFake();
  log.mockClear();
  now = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup(platform: NodeJS.Platform = 'linux', stop: () => Promise<void> = async () => {}) {
  const openWindow = vi.fn(() => void openFakeWindow());
  const stopped = vi.fn(stop);
  setupLifecycle({ openWindow, stop: stopped, log, platform, now: () => now });
  return { openWindow, stop: stopped };
}
/** Lets settled promises run without moving the clock. */
const settle = () => vi.advanceTimersByTimeAsync(0);

test.each(['linux', 'win32'] as const)('on %s the app ends with its last window', async (platform) => {
  const { stop } = setup(platform);
  const window = openFakeWindow();
  openFakeWindow().close();
  expect(app.quits).toBe(0);
  window.close();
  await settle();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(app.exits).toEqual([0]);
});

test('on macOS the app outlives its windows, and its icon opens one where none is left', () => {
  const { openWindow } = setup('darwin');
  openFakeWindow().close();
  expect(app.quits).toBe(0);
  app.emit('activate');
  app.emit('activate');
  expect(openWindow).toHaveBeenCalledTimes(1);
});

test('a quit waits until the host has stopped', async () => {
  let finish: () => void = () => {};
  setup(
    'linux',
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  app.quit();
  await vi.advanceTimersByTimeAsync(STOP_LIMIT_MS - 1);
  expect(app.exits).toEqual([]);
  finish();
  await settle();
  expect(app.exits).toEqual([0]);
});

test('a host that does not stop holds the quit up for two seconds and no longer', async () => {
  setup('linux', () => new Promise(() => {}));
  app.quit();
  await vi.advanceTimersByTimeAsync(STOP_LIMIT_MS - 1);
  expect(app.exits).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(app.exits).toEqual([0]);
});

test('a host that fails to stop does not keep the app alive', async () => {
  setup('linux', () => Promise.reject(new Error('disk full')));
  app.quit();
  await settle();
  expect(app.exits).toEqual([0]);
});

test('quitting again while the quit is under way stops the host once', async () => {
  const { stop } = setup();
  app.quit();
  app.quit();
  await settle();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(app.exits).toEqual([0]);
});

test('a page that dies is logged and loaded again; one that dies at once again is left alone', () => {
  setup();
  const { webContents } = openFakeWindow();
  const die = (reason: string) =>
    app.emit('render-process-gone', new FakeEvent(), webContents, { reason, exitCode: 139 });
  die('crashed');
  expect(webContents.reloads).toBe(1);
  expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', {
    type: 'window_process_gone',
    reason: 'crashed',
    exit_code: 139,
    reload: true,
  });
  now += RELOAD_PAUSE_MS;
  die('oom');
  expect(webContents.reloads).toBe(1);
  now += 1;
  die('killed');
  expect(webContents.reloads).toBe(2);
});

test('a page that left cleanly, or with its window, is no failure', async () => {
  setup();
  const { webContents } = openFakeWindow();
  app.emit('render-process-gone', new FakeEvent(), webContents, { reason: 'clean-exit', exitCode: 0 });
  expect(log).not.toHaveBeenCalled();
  webContents.destroyed = true;
  app.emit('render-process-gone', new FakeEvent(), webContents, { reason: 'crashed', exitCode: 1 });
  app.quit();
  app.emit('render-process-gone', new FakeEvent(), webContents, { reason: 'killed', exitCode: 9 });
  await settle();
  expect(webContents.reloads).toBe(0);
  expect(log).toHaveBeenCalledTimes(1);
});
