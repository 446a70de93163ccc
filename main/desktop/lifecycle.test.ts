import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PENDING_LIMIT_MS } from '../host/end-process.ts';
import { app, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { STOP_LIMIT_MS, setupExitWatchdog, setupLifecycle } from './lifecycle.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const kill = vi.fn();
/** Resources that keep this process alive. */
let resources: string[];

beforeEach(() => {
  resetFake();
  kill.mockReset();
  resources = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup(platform: NodeJS.Platform = 'linux', stop: () => Promise<void> = async () => {}) {
  const openWindow = vi.fn(() => void openFakeWindow());
  const stopped = vi.fn(stop);
  const { isStopping } = setupLifecycle({
    openWindow,
    stop: stopped,
    platform,
    process: { pid: 7, getActiveResourcesInfo: () => resources, kill, stderr: { write: () => {} } },
  });
  return { openWindow, stop: stopped, isStopping };
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

test('on macOS the app stays open without windows, and its icon opens one', () => {
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

test('a host that does not stop delays the quit by at most three seconds', async () => {
  setup('linux', () => new Promise(() => {}));
  app.quit();
  await vi.advanceTimersByTimeAsync(STOP_LIMIT_MS - 1);
  expect(app.exits).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(app.exits).toEqual([0]);
});

test('a host that fails to stop does not keep the app alive', async () => {
  setup('linux', () => Promise.reject(new Error('disk full')));
  app.quit();
  await settle();
  expect(app.exits).toEqual([0]);
});

test('quitting again during a quit stops the host once', async () => {
  const { stop } = setup();
  app.quit();
  app.quit();
  await settle();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(app.exits).toEqual([0]);
});

test('the app counts as stopping from the first quit on', () => {
  const { isStopping } = setup('linux', () => new Promise(() => {}));
  expect(isStopping()).toBe(false);
  app.quit();
  expect(isStopping()).toBe(true);
});

test('H71 a quit with a disk that does not answer ends with a kill, after the timeouts of the stop and of the disk', async () => {
  setup('linux', () => new Promise(() => {}));
  resources = ['FSReqCallback'];
  app.quit();
  await vi.advanceTimersByTimeAsync(STOP_LIMIT_MS + PENDING_LIMIT_MS / 2);
  expect(kill).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS);
  expect(kill.mock.calls).toEqual([[7, 'SIGKILL']]);
  expect(app.exits).toEqual([]);
});

test.each(['before-quit', 'quit'])('H71 the first "%s" starts the exit watchdog once', (event) => {
  const arm = vi.fn(() => true);
  setupExitWatchdog({ arm, hurry: () => true });
  expect(arm).not.toHaveBeenCalled();
  app.emit(event);
  app.emit('before-quit');
  app.emit('quit');
  expect(arm.mock.calls).toEqual([[expect.any(Number)]]);
});
