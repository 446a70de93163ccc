import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { VOICE_WAV } from '../microphone.ts';
import { align, decimate, missingSeconds } from './align.ts';
import { durationOf, rmsDbfs, trimSilence } from './level.ts';
import { spectralDistance } from './spectrum.ts';
import { readWav, type Sound } from './wav.ts';

/** How long (s) to record, to get all of the speech. It ends 4.3 s after the microphone opens. */
export const SPOKEN_S = 5;

/** The speech at the rate of a recording, 16 kHz. */
const spoken = decimate(readWav(readFileSync(VOICE_WAV)), 3);

/** Expects a recording to contain all of the fake microphone's speech. */
export function expectSpokenVoice(recording: Sound): void {
  const voice = trimSilence(spoken);
  const recorded = trimSilence(recording);
  expect(Math.abs(rmsDbfs(recorded.samples) - rmsDbfs(voice.samples)), 'level, dB').toBeLessThan(1);
  expect(Math.abs(durationOf(recorded) - durationOf(voice)), 'duration, s').toBeLessThan(0.1);
  expect(spectralDistance(voice, recorded), 'spectrum, dB').toBeLessThan(1);
  const { lag, correlation } = align(voice, recording);
  expect(correlation, 'waveform').toBeGreaterThan(0.95);
  expect(missingSeconds(voice, recording, lag), 'lost speech, s').toBe(0);
}
