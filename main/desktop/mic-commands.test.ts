import { beforeEach, expect, test, vi } from 'vitest';
import { type BrowserWindow, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { COMMAND_TIMEOUT_MS, createMicCommands, type MicCommands } from './mic-commands.ts';
import { trackWindows } from './windows.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let commands: MicCommands;
let now: number;
const openWindow = vi.fn(() => void openFakeWindow());
beforeEach(() => {
  resetFake();
  openWindow.mockClear();
  now = 0;
  commands = createMicCommands({ windows: trackWindows(), openWindow, now: () => now });
});

/** A window whose page listens. */
function listeningWindow(): BrowserWindow {
  const window = openFakeWindow();
  commands.onSubscribed(window.webContents as never);
  return window;
}
const heard = (window: BrowserWindow | undefined) => window?.webContents.sent.map(({ payload }) => payload);

test('a press goes to the window used last, and to no other', () => {
  const [first, second] = [listeningWindow(), listeningWindow()];
  second.focus();
  second.blur();
  commands.send('toggle');
  expect(heard(first)).toEqual([]);
  expect(second.webContents.sent).toEqual([{ channel: 'earshot:onMicCommand', payload: 'toggle' }]);
});

test('"stop" goes to every window: whoever listens stops', () => {
  const windows = [listeningWindow(), listeningWindow()];
  commands.send('stop');
  for (const window of windows) expect(heard(window)).toEqual(['stop']);
});

test('"stop" opens no window where there is none', () => {
  commands.send('stop');
  expect(openWindow).not.toHaveBeenCalled();
});

test('without a window one is opened, and its page hears the command once it listens, once', async () => {
  const { BrowserWindow } = await import('../testing/fake-electron.ts');
  commands.send('toggle');
  commands.send('toggle');
  expect(openWindow).toHaveBeenCalledTimes(1);
  const window = BrowserWindow.all[0];
  expect(heard(window)).toEqual([]);
  commands.onSubscribed(window?.webContents as never);
  commands.onSubscribed(window?.webContents as never);
  expect(heard(window)).toEqual(['toggle']);
});

test.each([
  ['reloaded', (window: BrowserWindow) => window.webContents.reload()],
  ['dead', (window: BrowserWindow) => window.webContents.die('crashed')],
])('a page that is %s hears what was asked meanwhile when it listens again', (_what, lose) => {
  const window = listeningWindow();
  lose(window);
  commands.send('start');
  expect(heard(window)).toEqual([]);
  Object.assign(window.webContents, { crashed: false });
  commands.onSubscribed(window.webContents as never);
  expect(heard(window)).toEqual(['start']);
});

test('a page that listens too late opens no microphone any more', () => {
  const window = openFakeWindow();
  commands.send('toggle');
  now = COMMAND_TIMEOUT_MS + 1;
  commands.onSubscribed(window.webContents as never);
  expect(heard(window)).toEqual([]);
});

test('a page that is reloaded again and again leaves no listeners behind', () => {
  const { webContents } = openFakeWindow();
  for (let i = 0; i < 20; i++) {
    commands.onSubscribed(webContents as never);
    webContents.reload();
  }
  expect(webContents.listenerCount('render-process-gone')).toBe(1);
  expect(webContents.listenerCount('did-start-loading')).toBe(1);
});
