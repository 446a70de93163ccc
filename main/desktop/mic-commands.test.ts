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

/** A window whose page has subscribed to commands. */
function listeningWindow(): BrowserWindow {
  const window = openFakeWindow();
  commands.onSubscribed(window.webContents as never);
  return window;
}
const commandsOf = (window: BrowserWindow | undefined) => window?.webContents.sent.map(({ payload }) => payload);

test('a press is sent only to the window used last', () => {
  const [first, second] = [listeningWindow(), listeningWindow()];
  second.focus();
  second.blur();
  commands.send('toggle');
  expect(commandsOf(first)).toEqual([]);
  expect(second.webContents.sent).toEqual([{ channel: 'earshot:onMicCommand', payload: 'toggle' }]);
});

test.each(['stop', 'cancel'] as const)('"%s" is sent to every window', (command) => {
  const windows = [listeningWindow(), listeningWindow()];
  commands.send(command);
  for (const window of windows) expect(commandsOf(window)).toEqual([command]);
});

test.each(['stop', 'cancel'] as const)('"%s" does not open a window', (command) => {
  commands.send(command);
  expect(openWindow).not.toHaveBeenCalled();
});

test('if no window is open, one is opened, and its page gets the command once, after it subscribes', async () => {
  const { BrowserWindow } = await import('../testing/fake-electron.ts');
  commands.send('toggle');
  commands.send('toggle');
  expect(openWindow).toHaveBeenCalledTimes(1);
  const window = BrowserWindow.all[0];
  expect(commandsOf(window)).toEqual([]);
  commands.onSubscribed(window?.webContents as never);
  commands.onSubscribed(window?.webContents as never);
  expect(commandsOf(window)).toEqual(['toggle']);
});

test.each([
  ['reloaded', (window: BrowserWindow) => window.webContents.reload()],
  ['dead', (window: BrowserWindow) => window.webContents.die('crashed')],
])('a page that is %s gets the commands it missed when it subscribes again', (_what, lose) => {
  const window = listeningWindow();
  lose(window);
  commands.send('start');
  expect(commandsOf(window)).toEqual([]);
  Object.assign(window.webContents, { crashed: false });
  commands.onSubscribed(window.webContents as never);
  expect(commandsOf(window)).toEqual(['start']);
});

test('a page that subscribes too late does not get the command', () => {
  const window = openFakeWindow();
  commands.send('toggle');
  now = COMMAND_TIMEOUT_MS + 1;
  commands.onSubscribed(window.webContents as never);
  expect(commandsOf(window)).toEqual([]);
});

test('repeated reloads leave no listeners behind', () => {
  const { webContents } = openFakeWindow();
  for (let i = 0; i < 20; i++) {
    commands.onSubscribed(webContents as never);
    webContents.reload();
  }
  expect(webContents.listenerCount('render-process-gone')).toBe(1);
  expect(webContents.listenerCount('did-start-loading')).toBe(1);
});

test('"pause" and "continue" are sent to every window, and open none', () => {
  commands.send('pause');
  expect(openWindow).not.toHaveBeenCalled();
  const windows = [listeningWindow(), listeningWindow()];
  commands.send('pause');
  commands.send('continue');
  for (const window of windows) expect(commandsOf(window)).toEqual(['pause', 'continue']);
});

test('a toggle goes to the window that listens, whichever was used last', () => {
  const [first, second] = [listeningWindow(), listeningWindow()];
  second.focus();
  commands.setTurn(first.webContents as never, 'listening');
  for (const command of ['toggle', 'toggle_pause', 'toggle_mute'] as const) commands.send(command);
  expect([commandsOf(first), commandsOf(second)]).toEqual([['toggle', 'toggle_pause', 'toggle_mute'], []]);
  commands.setTurn(first.webContents as never, 'none');
  commands.send('toggle');
  expect(commandsOf(second)).toEqual(['toggle']);
});

test('of several that listen, the one used last gets the toggle', () => {
  const [first, second] = [listeningWindow(), listeningWindow()];
  for (const { webContents } of [first, second]) commands.setTurn(webContents as never, 'listening');
  second.focus();
  commands.send('toggle');
  expect([commandsOf(first), commandsOf(second)]).toEqual([[], ['toggle']]);
});

test('a pause or a mute without a window opens none', () => {
  commands.send('toggle_pause');
  commands.send('toggle_mute');
  expect(openWindow).not.toHaveBeenCalled();
});
