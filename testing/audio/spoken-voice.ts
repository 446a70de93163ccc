import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { VOICE_WAV } from '../microphone.ts';
import { align, decimate, missingSeconds } from './align.ts';
import { activePart, rmsDbfs, seconds } from './level.ts';
import { spectralDistance } from './spectrum.ts';
import { readWav, type Sound } from './wav.ts';

/** Seconds: the committed voice lasts 4.3 s from the moment the microphone opens. */
export const SPOKEN_S = 5;

/** What the microphone says: 16 kHz, as the recording. */
const spoken = decimate(readWav(readFileSync(VOICE_WAV)), 3);

/** Expects a recording to hold the committed voice, from the first word to the last. */
export function expectSpokenVoice(kept: Sound): void {
  const voice = activePart(spoken);
  const heard = activePart(kept);
  expect(Math.abs(rmsDbfs(heard.samples) - rmsDbfs(voice.samples)), 'level, dB').toBeLessThan(1);
  expect(Math.abs(seconds(heard) - seconds(voice)), 'duration, s').toBeLessThan(0.1);
  expect(spectralDistance(voice, heard), 'spectrum, dB').toBeLessThan(1);
  const { lag, correlation } = align(voice, kept);
  expect(correlation, 'waveform').toBeGreaterThan(0.95);
  expect(missingSeconds(voice, kept, lag), 'lost speech, s').toBe(0);
}
