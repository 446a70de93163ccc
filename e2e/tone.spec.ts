import { seconds } from './support/audio/level.ts';
import { tone } from './support/audio/tone.ts';
import { expect, test } from './support/test.ts';
import { expectUnbrokenTone, FREQUENCY } from './support/unbroken-tone.ts';

const TONE_S = 4;

test('H43 a tone arrives as it is, without a click or a gap', async ({ app }) => {
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: TONE_S, silence: 0.5 }));
  const earshot = await app.open({ microphone });
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(TONE_S + 1);
  await earshot.press();
  await earshot.expectView('idle');

  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  const { heard } = expectUnbrokenTone(kept.sound);
  expect(Math.abs(seconds(heard) - TONE_S), 'duration, s').toBeLessThan(0.05);
});
