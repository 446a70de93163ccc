import { activePart, rmsDbfs, seconds } from './support/audio/level.ts';
import { tone } from './support/audio/tone.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { expectMinimised, minimise, startOpenbox } from './support/linux-desktop/x11.ts';
import { FREQUENCY } from './support/unbroken-tone.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

/**
 * How long the window is out of sight each time, in s. Chromium lets the timers of a hidden page run once a second at
 * once, and once a minute after 10 s; after that nothing more changes.
 */
const OUT_OF_SIGHT_S = 15;
const TONE_S = 2 * OUT_OF_SIGHT_S + 4;
/** A hole in the tone is looked for in pieces of this length (s). */
const PIECE_S = 0.2;

test('minimised and then hidden while listening: one session, and nothing is missing', async ({ app, alongside }) => {
  test.setTimeout(120_000);
  await alongside(startOpenbox());
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: TONE_S, silence: 0.5 }));
  const earshot = await app.open({ microphone });
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
  await earshot.expectListenedFor(TONE_S + 2);
  await earshot.press();
  await earshot.expectView('idle');

  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  expect(kept).toMatchObject({ complete: true, gaps: [] });
  expect(app.log().filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
  const heard = activePart(kept.sound);
  expect(Math.abs(seconds(heard) - TONE_S), 'duration, s').toBeLessThan(0.1);
  const size = Math.round(heard.rate * PIECE_S);
  const levels = Array.from({ length: Math.floor(heard.samples.length / size) }, (_, i) =>
    rmsDbfs(heard.samples.subarray(i * size, (i + 1) * size)),
  );
  expect(Math.max(...levels) - Math.min(...levels), 'the faintest piece under the loudest, dB').toBeLessThan(3);
});
