import { tone } from '../testing/audio/tone.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { expectMinimised, minimise, startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

/**
 * How long the window is hidden each time, in s. Chromium at once throttles the timers of a hidden page to one run per
 * second, and after 10 s to one per minute.
 */
const HIDDEN_S = 15;
/** Tolerance in s: the window's clock counts whole seconds, and a recording starts with the first frame. */
const CLOCK_S = 1.5;

test('a window that is minimised and then hidden while listening keeps its session, and no audio is lost', async ({
  app,
  stopAfterTest,
}) => {
  test.setTimeout(120_000);
  await stopAfterTest(startOpenbox());
  const microphone = app.microphone('tone', tone({ frequency: 997, seconds: 60 }));
  const earshot = await app.open({ microphone });
  await earshot.page.evaluate(recordCapturedAudio);
  const electron = app.electron();
  const window = await electron.browserWindow(earshot.page);
  const isVisible = () => window.evaluate((window) => window.isVisible());
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);

  await minimise(electron);
  await earshot.expectListenedFor((await earshot.seconds()) + HIDDEN_S);
  await expectMinimised(electron, true);
  await window.evaluate((window) => window.restore());
  await expectMinimised(electron, false);

  await window.evaluate((window) => window.hide());
  await expect.poll(isVisible).toBe(false);
  await earshot.expectListenedFor((await earshot.seconds()) + HIDDEN_S);
  expect(await isVisible()).toBe(false);
  await window.evaluate((window) => window.show());
  await expect.poll(isVisible).toBe(true);
  const clock = await earshot.seconds();
  await earshot.press();
  await earshot.expectView('idle');

  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ turn: 1, complete: true });
  expect(Math.abs(saved.duration_s - clock), 'recording against the clock, s').toBeLessThan(CLOCK_S);
  const captured = await capturedAudio(earshot.page);
  expectEqualsCaptured(saved, captured);
  // A busy machine may cause gaps.
  expect(captured.gapsS, 'gaps, s').toBeLessThan(1);
  expect(app.log().filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
});
