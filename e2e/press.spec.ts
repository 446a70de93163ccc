import { readFileSync } from 'node:fs';
import { align, decimate, missingSeconds } from './support/audio/align.ts';
import { activePart, rmsDbfs, seconds } from './support/audio/level.ts';
import { spectralDistance } from './support/audio/spectrum.ts';
import { readWav, type Sound } from './support/audio/wav.ts';
import { VOICE_WAV } from './support/microphone.ts';
import { expect, test } from './support/test.ts';

/** What the microphone says: 16 kHz, as the recording. */
const spoken = decimate(readWav(readFileSync(VOICE_WAV)), 3);

/** The voice lasts 4.3 s from the moment the microphone opens. */
const SPOKEN_S = 5;

test('a press listens, and what was said is what is kept', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  const sessionId = await earshot.sessionId.getAttribute('title');
  await earshot.expectListenedFor(SPOKEN_S);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.recording).toContainText(/Recording saved, 0:0[5-7]/);

  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  expect(kept).toMatchObject({ session_id: sessionId, user_id: 'me', turn: 1, gaps: [], complete: true });
  expect(kept.duration_s).toBeCloseTo(seconds(kept.sound), 2);
  expectSameVoice(kept.sound);

  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');
});

test('the log shows what both sides did', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  for (const [side, words] of [
    ['client', 'Connecting to ws://'],
    ['client', 'WebSocket connection opened'],
    ['server', 'WS_CONNECT user='],
    ['server', 'event=connected'],
    ['client', 'WS_RECV event=connected'],
    ['client', 'WS_CONNECTED'],
    ['client', 'Voice state changed: listening'],
  ] as const) {
    await earshot.expectLogged(side, words);
  }
  await earshot.press();
  await earshot.expectView('idle');
});

function expectSameVoice(kept: Sound): void {
  const voice = activePart(spoken);
  const heard = activePart(kept);
  expect(Math.abs(rmsDbfs(heard.samples) - rmsDbfs(voice.samples)), 'level, dB').toBeLessThan(1);
  expect(Math.abs(seconds(heard) - seconds(voice)), 'duration, s').toBeLessThan(0.1);
  expect(spectralDistance(voice, heard), 'spectrum, dB').toBeLessThan(1);
  const { lag, correlation } = align(voice, kept);
  expect(correlation, 'waveform').toBeGreaterThan(0.95);
  expect(missingSeconds(voice, kept, lag), 'lost speech, s').toBe(0);
}
