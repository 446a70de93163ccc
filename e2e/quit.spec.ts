import { tone } from '../testing/audio/tone.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectContainsCaptured } from './support/expect-recording.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { focusAppWindow, pressKeys, startOpenbox } from './support/linux-desktop/x11.ts';
import { interceptMessageBoxes } from './support/message-boxes.ts';
import { isRunning } from './support/processes.ts';
import type { App } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

const QUIT_METHODS: Record<string, (app: App, earshot: EarshotWindow) => Promise<void>> = {
  'the menu item': (app) =>
    app.electron().evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      const quit = items.find(({ label }) => label === '&Quit');
      if (!quit) throw new Error('no item to quit');
      quit.click();
    }),
  'Ctrl+Q': async (app) => {
    await focusAppWindow(app.electron());
    await pressKeys('ctrl+q');
  },
  'closing the window': async (app, { page }) => {
    const window = await app.electron().browserWindow(page);
    // Close the window as the window manager's button does.
    await window.evaluate((window) => window.close());
  },
  SIGTERM: async (app) => void process.kill(app.host().pid, 'SIGTERM'),
  SIGINT: async (app) => void process.kill(app.host().pid, 'SIGINT'),
};

/** Ways to quit that show no message box. */
const WITHOUT_QUESTION = ['SIGTERM', 'SIGINT'];

for (const [title, quit] of Object.entries(QUIT_METHODS)) {
  const asks = !WITHOUT_QUESTION.includes(title);
  test(`H63 quit by ${title} while listening ${asks ? 'asks first' : 'does not ask'}, and completes the recording`, async ({
    app,
    stopAfterTest,
  }) => {
    await stopAfterTest(startOpenbox());
    const microphone = app.microphone('tone', tone({ frequency: 997, seconds: 60 }));
    const earshot = await app.open({ microphone });
    await earshot.page.evaluate(recordCapturedAudio);
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(2);

    const desktop = app.desktop();
    const processes = desktop.processes().map(({ pid }) => pid);
    const boxes = await interceptMessageBoxes(app.electron());
    if (asks) {
      // First choose to keep listening.
      await quit(app, earshot);
      await expect.poll(boxes.messages).toEqual(['Earshot is listening']);
      await boxes.press('Keep Listening');
      const seconds = await earshot.seconds();
      await earshot.expectListenedFor(seconds + 1);
      await earshot.expectView('listening');
    }
    const captured = await capturedAudio(earshot.page);
    await quit(app, earshot).catch((error: Error) => {
      // The app may exit before it answers Playwright.
      if (!/closed|crashed/.test(error.message)) throw error;
    });
    if (asks) {
      await expect.poll(boxes.messages).toHaveLength(2);
      await boxes.press(title === 'closing the window' ? 'Close Window' : 'Quit').catch((error: Error) => {
        if (!/closed|crashed/.test(error.message)) throw error;
      });
    }
    expect(await desktop.exited, 'exit code').toBe(0);
    await expect.poll(() => processes.filter(isRunning), { message: 'processes left' }).toEqual([]);

    const [saved] = await app.recordings(1);
    if (!saved) throw new Error('no recording');
    expect(saved).toMatchObject({ complete: true, turn: 1 });
    expectContainsCaptured(saved, captured);
    expect(saved.duration_s).toBeCloseTo(saved.sound.samples.length / saved.sound.rate, 2);
    // The log is complete.
    const events = app.log().map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['APP_STOPPING', 'RECORDING_SAVED']));

    // The next start lists the recording as complete.
    const next = await app.open();
    await next.showRecordings();
    await expect(next.recordingRows).toHaveCount(1);
    await expect(next.recordingRows).not.toContainText('cut short');
  });
}
