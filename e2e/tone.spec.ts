import { durationOf, trimSilence } from '../testing/audio/level.ts';
import { tone, toneFaults } from '../testing/audio/tone.ts';
import { expect, test } from './support/test.ts';

/** In Hz. A frame has no integer number of periods, so a lost frame breaks the phase. */
const FREQUENCY = 997;
const TONE_S = 4;

test('H43 a tone is recorded unchanged, without a click or a gap', async ({ app }) => {
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: TONE_S, silence: 0.5 }));
  const earshot = await app.open({ microphone });
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(TONE_S + 1);
  await earshot.press();
  await earshot.expectView('idle');

  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  const heard = trimSilence(saved.sound);
  expect(Math.abs(durationOf(heard) - TONE_S), 'duration, s').toBeLessThan(0.05);
  // The first and last 50 ms hold transients of the fake microphone.
  const edge = Math.round(saved.sound.rate * 0.05);
  const faults = toneFaults({ rate: heard.rate, samples: heard.samples.subarray(edge, -edge) });
  expect(Math.abs(faults.frequency - FREQUENCY), 'frequency, Hz').toBeLessThan(0.5);
  expect(faults.residualDb, 'clicks and noise, dB').toBeLessThan(-35);
  expect(faults.phaseJump, 'lost or doubled samples, rad').toBeLessThan(0.05);
  expect(faults.unsteadinessDb, 'gaps, dB').toBeLessThan(0.5);
});
