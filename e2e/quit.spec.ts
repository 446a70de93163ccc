import { seconds } from './support/audio/level.ts';
import { tone } from './support/audio/tone.ts';
import { isRunning } from './support/processes.ts';
import { watchSentAudio } from './support/sent-audio.ts';
import { type App, expect, test } from './support/test.ts';
import { FREQUENCY } from './support/unbroken-tone.ts';
import { NO_WINDOW_MANAGER, startWindowManager, type WindowManager } from './support/window-manager.ts';

const WAYS: Record<string, (app: App, manager: WindowManager) => Promise<void>> = {
  'the menu item': (app) =>
    app.desktop().app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      const quit = items.find(({ role }) => role === 'quit');
      if (!quit) throw new Error('no item to quit');
      quit.click();
    }),
  'Ctrl+Q': (_app, manager) => manager.press('ctrl+q'),
  'closing the window': (_app, manager) => manager.press('alt+F4'),
  SIGTERM: async (app) => void process.kill(app.desktop().pid, 'SIGTERM'),
  SIGINT: async (app) => void process.kill(app.desktop().pid, 'SIGINT'),
};

let manager: WindowManager;
test.skip(NO_WINDOW_MANAGER !== null, NO_WINDOW_MANAGER ?? '');
test.beforeEach(async () => {
  manager = await startWindowManager();
});
test.afterEach(() => manager.stop());

for (const [title, quit] of Object.entries(WAYS)) {
  test(`quit by ${title} while listening: the recording has all that was sent, the exit code is 0, no process is left`, async ({
    app,
  }) => {
    const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 60 }));
    const earshot = await app.open({ microphone });
    await expect.poll(() => manager.activeTitle()).toBe('Earshot');
    const sent = watchSentAudio(earshot.page);
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(2);

    const desktop = app.desktop();
    const processes = desktop.processes().map(({ pid }) => pid);
    const sentBefore = sent();
    await quit(app, manager).catch((error: Error) => {
      // The app may be gone before it has answered.
      if (!/closed|crashed/.test(error.message)) throw error;
    });
    expect(await desktop.exited, 'exit code').toBe(0);
    await expect.poll(() => processes.filter(isRunning), { message: 'processes left' }).toEqual([]);

    const [kept] = await app.recordings(1);
    if (!kept) throw new Error('no recording');
    expect(kept).toMatchObject({ complete: true, gaps: [], turn: 1 });
    expect(sentBefore).toBeGreaterThan(1);
    expect(seconds(kept.sound), 's').toBeGreaterThanOrEqual(sentBefore);
    expect(kept.duration_s).toBeCloseTo(seconds(kept.sound), 2);
    // The log was written to its end, and tells of a quit in good order.
    const events = app.log().map(({ event }) => event);
    expect(events.indexOf('APP_STOPPING')).toBeGreaterThan(0);
    expect(events.indexOf('RECORDING_SAVED')).toBeGreaterThan(events.indexOf('APP_STOPPING'));
  });
}
