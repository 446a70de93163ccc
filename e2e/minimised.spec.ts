import { tone } from '../testing/audio/tone.ts';
import { capturedAudio, keepCapturedAudio } from './support/captured-audio.ts';
import { expectHoldsNoMore } from './support/kept-audio.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { expectMinimised, minimise, startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

/**
 * How long the window is out of sight each time, in s. Chromium lets the timers of a hidden page run once a second at
 * once, and once a minute after 10 s; after that nothing more changes.
 */
const OUT_OF_SIGHT_S = 15;
/** The clock of the window counts whole seconds; a recording also has the moment in which the microphone came. */
const CLOCK_S = 1.5;

test('minimised and then hidden while listening: one session, and nothing is lost', async ({ app, alongside }) => {
  test.setTimeout(120_000);
  await alongside(startOpenbox());
  const microphone = app.microphone('tone', tone({ frequency: 997, seconds: 60 }));
  const earshot = await app.open({ microphone });
  await earshot.page.evaluate(keepCapturedAudio);
  const electron = app.electron();
  const window = await electron.browserWindow(earshot.page);
  const isVisible = () => window.evaluate((window) => window.isVisible());
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);

  await minimise(electron);
  await earshot.expectListenedFor((await earshot.seconds()) + OUT_OF_SIGHT_S);
  await expectMinimised(electron, true);
  await window.evaluate((window) => window.restore());
  await expectMinimised(electron, false);

  await window.evaluate((window) => window.hide());
  await expect.poll(isVisible).toBe(false);
  await earshot.expectListenedFor((await earshot.seconds()) + OUT_OF_SIGHT_S);
  expect(await isVisible()).toBe(false);
  await window.evaluate((window) => window.show());
  await expect.poll(isVisible).toBe(true);
  const clock = await earshot.seconds();
  await earshot.press();
  await earshot.expectView('idle');

  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  expect(kept).toMatchObject({ turn: 1, complete: true });
  expect(Math.abs(kept.duration_s - clock), 'recording against the clock, s').toBeLessThan(CLOCK_S);
  const captured = await capturedAudio(earshot.page);
  expectHoldsNoMore(kept, captured);
  // A machine that is short of processors may have its own.
  expect(captured.gapsS, 'gaps, s').toBeLessThan(1);
  expect(app.log().filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
});
