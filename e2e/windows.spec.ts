import { activePart, seconds } from './support/audio/level.ts';
import { levelAt, tone } from './support/audio/tone.ts';
import { expect, test } from './support/test.ts';

/** Far enough apart that none is a harmonic of another. */
const TONES = [523, 997, 2311] as const;

test('H26 three windows at once: three sessions, each with its own sound alone', async ({ app }) => {
  test.slow();
  const windows = [];
  for (const frequency of TONES) {
    const microphone = app.microphone(`tone-${frequency}`, tone({ frequency, seconds: 60 }));
    windows.push(await app.open({ microphone }));
  }
  await Promise.all(windows.map((window) => window.press()));
  await Promise.all(windows.map((window) => window.expectView('listening', 30_000)));
  const [closing, crashing, staying] = windows;
  if (!closing || !crashing || !staying) throw new Error('three windows');
  await Promise.all(windows.map((window) => window.expectListenedFor(2)));

  await closing.page.close();
  const crashed = crashing.page.waitForEvent('crash');
  const devtools = await crashing.page.context().newCDPSession(crashing.page);
  // Never answered: who should answer it is gone.
  devtools.send('Page.crash').catch(() => {});
  await crashed;
  await app.recordings(2);

  const before = await staying.elapsed.textContent();
  await expect(staying.elapsed).not.toHaveText(before ?? '');
  await staying.expectView('listening');
  await staying.press();
  await staying.expectView('idle');

  const recordings = await app.recordings(3);
  expect(new Set(recordings.map((recording) => recording.session_id)).size).toBe(3);
  const tones = recordings.map(({ gaps, sound }) => {
    expect(gaps).toEqual([]);
    const heard = activePart(sound);
    expect(seconds(heard)).toBeGreaterThan(1);
    const [own = 0, ...others] = [...TONES].sort((a, b) => levelAt(heard, b) - levelAt(heard, a));
    for (const other of others) {
      expect(levelAt(heard, own) - levelAt(heard, other), `${own} Hz over ${other} Hz, dB`).toBeGreaterThan(50);
    }
    return own;
  });
  expect(tones.sort((a, b) => a - b)).toEqual(TONES);
});
