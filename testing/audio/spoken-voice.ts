import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { VOICE_WAV } from '../microphone.ts';
import { align, decimate, missingSeconds } from './align.ts';
import { activePart, rmsDbfs, seconds } from './level.ts';
import { spectralDistance } from './spectrum.ts';
import { readWav, type Sound } from './wav.ts';

/** How long (s) to record: the speech ends 4.3 s after the microphone opens. */
export const SPOKEN_S = 5;

/** The voice at the rate of a recording, 16 kHz. */
const spoken = decimate(readWav(readFileSync(VOICE_WAV)), 3);

/** Expects a recording to contain the whole voice of the fake microphone. */
export function expectSpokenVoice(recording: Sound): void {
  const voice = activePart(spoken);
  const recorded = activePart(recording);
  expect(Math.abs(rmsDbfs(recorded.samples) - rmsDbfs(voice.samples)), 'level, dB').toBeLessThan(1);
  expect(Math.abs(seconds(recorded) - seconds(voice)), 'duration, s').toBeLessThan(0.1);
  expect(spectralDistance(voice, recorded), 'spectrum, dB').toBeLessThan(1);
  const { lag, correlation } = align(voice, recording);
  expect(correlation, 'waveform').toBeGreaterThan(0.95);
  expect(missingSeconds(voice, recording, lag), 'lost speech, s').toBe(0);
}
