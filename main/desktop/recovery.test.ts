import { beforeEach, describe, expect, test, vi } from 'vitest';
import { app, dialog, FakeEvent, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { RELOAD_PAUSE_MS, setupRecovery } from './recovery.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
let now: number;
let stopping: boolean;
let audioEnded: boolean;
beforeEach(() => {
  resetFake();
  log.mockClear();
  now = 0;
  stopping = false;
  audioEnded = false;
  setupRecovery({ log, isStopping: () => stopping, wasAudioEnded: () => audioEnded, now: () => now });
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a crashed page', () => {
  test('is logged and reloaded; one that soon crashes again is not reloaded', () => {
    const { webContents } = openFakeWindow();
    webContents.die('crashed', 139);
    expect(webContents.reloads).toBe(1);
    expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', {
      type: 'window_process_gone',
      reason: 'crashed',
      exit_code: 139,
      reload: true,
    });
    now += RELOAD_PAUSE_MS;
    webContents.die('oom');
    expect(webContents.reloads).toBe(1);
    now += 1;
    webContents.die('killed');
    expect(webContents.reloads).toBe(2);
  });

  test('is reloaded as well if it crashed before', () => {
    resetFake();
    const { webContents } = openFakeWindow();
    webContents.die('crashed');
    setupRecovery({ log, isStopping: () => stopping, wasAudioEnded: () => audioEnded, now: () => now });
    expect(webContents.reloads).toBe(1);
    expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', {
      type: 'window_process_gone',
      reason: 'unknown',
      reload: true,
    });
  });

  describe('that soon crashes again', () => {
    function crashedTwice() {
      const window = openFakeWindow();
      window.webContents.die('crashed');
      window.webContents.die('crashed');
      return window;
    }

    test('shows a question in its window, once while the question is open', () => {
      const window = crashedTwice();
      window.webContents.die('crashed');
      expect(window.shown).toBe(true);
      expect(dialog.boxes.map((box) => box.window)).toEqual([window]);
      expect(dialog.boxes[0]?.options).toMatchObject({
        message: 'Earshot’s window stopped twice',
        buttons: ['Reload', 'Close'],
      });
    });

    test('is reloaded if the user chooses it, and shows the question again after another crash', async () => {
      const { webContents } = crashedTwice();
      now += 2 * RELOAD_PAUSE_MS;
      dialog.boxes[0]?.press('Reload');
      await settle();
      expect(webContents.reloads).toBe(2);
      webContents.die('crashed');
      expect(webContents.reloads).toBe(2);
      expect(dialog.boxes).toHaveLength(1);
    });

    test('is closed with its window if the user chooses it, without other windows', async () => {
      const other = openFakeWindow();
      const window = crashedTwice();
      dialog.boxes[0]?.press('Close');
      await settle();
      expect([window.isDestroyed(), other.isDestroyed()]).toEqual([true, false]);
      expect(window.webContents.reloads).toBe(1);
    });

    test.each(['Reload', 'Close'])(
      'is left alone (%s) if its window or the app has ended in the meantime',
      async (button) => {
        const [closed, ending] = [crashedTwice(), crashedTwice()];
        const close = vi.spyOn(closed, 'close');
        closed.close();
        dialog.boxes[0]?.press(button);
        await settle();
        stopping = true;
        dialog.boxes[0]?.press(button);
        await settle();
        expect(close).toHaveBeenCalledTimes(1);
        expect(ending.isDestroyed()).toBe(false);
        expect([closed, ending].map(({ webContents }) => webContents.reloads)).toEqual([1, 1]);
      },
    );
  });

  test('is not reported after a clean exit, with its window or with the app', () => {
    const { webContents } = openFakeWindow();
    webContents.die('clean-exit', 0);
    expect(log).not.toHaveBeenCalled();
    webContents.destroyed = true;
    webContents.die('crashed');
    stopping = true;
    webContents.die('killed', 9);
    expect(webContents.reloads).toBe(0);
    expect(log).toHaveBeenCalledTimes(1);
  });
});

test('a crashed service of Chromium is logged', () => {
  const gone = (type: string, reason: string) =>
    app.emit('child-process-gone', new FakeEvent(), { type, reason, exitCode: 5, name: 'Audio Service' });
  gone('Utility', 'crashed');
  gone('GPU', 'clean-exit');
  audioEnded = true;
  gone('Utility', 'killed'); // requested by Earshot
  stopping = true;
  gone('Utility', 'killed');
  expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', {
    type: 'process_gone',
    process: 'Utility',
    name: 'Audio Service',
    reason: 'crashed',
    exit_code: 5,
  });
});

describe('an unresponsive page', () => {
  test('shows a question in its window, once while the question is open', () => {
    const [window, other] = [openFakeWindow(), openFakeWindow()];
    window.emit('unresponsive');
    window.emit('unresponsive');
    other.emit('unresponsive');
    expect(dialog.boxes.map((box) => box.window)).toEqual([window, other]);
    expect(log).toHaveBeenCalledWith('WARNING', { type: 'window_unresponsive', window: window.id });
  });

  test('is ended and reloaded if the user chooses it, even right after another reload', async () => {
    const { webContents } = openFakeWindow();
    webContents.die('crashed');
    const [window] = (await import('../testing/fake-electron.ts')).BrowserWindow.all;
    window?.emit('unresponsive');
    dialog.boxes[0]?.press('Reload');
    await settle();
    expect(webContents.reloads).toBe(2);
  });

  test('is left alone if the user waits, and shows the question again when it hangs again', async () => {
    const window = openFakeWindow();
    window.emit('unresponsive');
    dialog.boxes[0]?.press('Wait');
    await settle();
    expect(window.webContents.reloads).toBe(0);
    window.emit('unresponsive');
    expect(dialog.boxes).toHaveLength(1);
  });

  test('closes the question when it responds again', async () => {
    const window = openFakeWindow();
    window.emit('unresponsive');
    window.emit('responsive');
    await settle();
    expect(dialog.boxes).toEqual([]);
    expect(window.webContents.reloads).toBe(0);
  });

  test('that was closed in the meantime is left alone, and no question is shown while the app is stopping', async () => {
    const window = openFakeWindow();
    window.emit('unresponsive');
    window.close();
    dialog.boxes[0]?.press('Reload');
    await settle();
    expect(window.webContents.crashed).toBe(false);
    stopping = true;
    openFakeWindow().emit('unresponsive');
    expect(dialog.boxes).toEqual([]);
  });
});
