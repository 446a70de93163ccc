import { beforeEach, describe, expect, test, vi } from 'vitest';
import { app, BrowserWindow, dialog, openFakeWindow, powerMonitor, resetFake } from '../testing/fake-electron.ts';
import { setupCloseConfirmation } from './confirm-close.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(() => resetFake());

function setup() {
  let stopping = false;
  const leaving = setupCloseConfirmation({ isStopping: () => stopping });
  const ended = vi.fn();
  app.on('before-quit', (event) => {
    event.preventDefault();
    stopping = true;
    ended();
  });
  const note = (window: BrowserWindow, turn: 'none' | 'listening' | 'undelivered') =>
    leaving.setTurn(window.webContents as never, turn);
  const question = () => {
    const [box, ...others] = dialog.boxes;
    if (!box || others.length > 0) throw new Error(`${dialog.boxes.length} questions`);
    return box;
  };
  return { leaving, ended, note, question };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const isOpen = (window: BrowserWindow) => BrowserWindow.all.includes(window);

describe('H63 a window with a turn', () => {
  test('asks before it closes, and stays open if the user wants to continue', async () => {
    const { note, question } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    window.close();
    expect(question().options).toMatchObject({
      message: 'Earshot is listening',
      buttons: ['Keep Listening', 'Close Window'],
      defaultId: 0,
      cancelId: 0,
    });
    question().press('Keep Listening');
    await settle();
    expect([isOpen(window), dialog.boxes]).toEqual([true, []]);
    // It asks again the next time.
    window.close();
    question().press('Close Window');
    await settle();
    expect(isOpen(window)).toBe(false);
  });

  test('asks once, even if it is closed repeatedly', () => {
    const { leaving, note } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    window.close();
    window.close();
    leaving.quit();
    expect(dialog.boxes).toHaveLength(1);
  });

  test.each(['none', 'reload', 'crash'] as const)('closes without a question after the turn has ended: %s', (how) => {
    const { note } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    if (how === 'none') note(window, 'none');
    else if (how === 'reload') window.webContents.reload();
    else window.webContents.die('crashed');
    window.close();
    expect([isOpen(window), dialog.boxes]).toEqual([false, []]);
  });

  test('is shown first if it is hidden or minimised', () => {
    const { leaving, note } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    window.minimized = true;
    window.hide();
    leaving.quit();
    expect([window.minimized, window.shown]).toEqual([false, true]);
  });

  test('with undelivered audio says that it would be lost', () => {
    const { note, question } = setup();
    const window = openFakeWindow();
    note(window, 'undelivered');
    window.close();
    expect(question().options).toMatchObject({
      message: 'Earshot has not saved all of what you said',
      buttons: ['Wait', 'Close Window'],
    });
  });
});

describe('H63 a quit during a turn', () => {
  test('asks in the window that is listening, and quits the app if the user agrees', async () => {
    const { leaving, note, question, ended } = setup();
    const [waiting, listening] = [openFakeWindow(), openFakeWindow()];
    openFakeWindow();
    note(waiting, 'undelivered');
    note(listening, 'listening');
    leaving.quit();
    expect(question().window).toBe(listening);
    expect(question().options.buttons).toEqual(['Keep Listening', 'Quit']);
    question().press('Keep Listening');
    await settle();
    expect(ended).not.toHaveBeenCalled();
    leaving.quit();
    question().press('Quit');
    await settle();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('caused by a signal, an update or a system shutdown does not ask, even while a question is open', () => {
    const { leaving, note, ended } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    leaving.quit();
    expect(ended).not.toHaveBeenCalled();
    app.quit();
    expect(ended).toHaveBeenCalledTimes(1);
    // The windows closed with it do not ask either.
    window.close();
    expect(isOpen(window)).toBe(false);
  });

  test('caused by a system shutdown does not ask', () => {
    const { note, ended } = setup();
    note(openFakeWindow(), 'listening');
    powerMonitor.emit('shutdown');
    expect([ended.mock.calls.length, dialog.boxes.length]).toEqual([1, 0]);
  });

  test('caused by the end of a Windows session does not ask', () => {
    const { note, ended } = setup();
    const window = openFakeWindow();
    note(window, 'listening');
    window.emit('session-end');
    expect([ended.mock.calls.length, dialog.boxes.length]).toEqual([1, 0]);
  });

  test('happens without a question if no turn is open', () => {
    const { leaving, ended } = setup();
    openFakeWindow();
    leaving.quit();
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
