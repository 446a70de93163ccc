import { expect } from '@playwright/test';
import { activePart } from './audio/level.ts';
import { type ToneFaults, toneFaults } from './audio/tone.ts';
import type { Sound } from './audio/wav.ts';

/** 1 kHz but for 3 Hz: no whole number of periods fits into a frame, so that a lost or doubled frame breaks the phase. */
export const FREQUENCY = 997;
/** The first and last moment (s) of what is heard are the microphone's switching on and off, not the app's. */
const EDGE_S = 0.05;

/**
 * Fails when anything of a tone at `FREQUENCY` is lost, doubled or disturbed.
 * @returns the tone without the silence around it, and how far it is from a steady one
 */
export function expectUnbrokenTone(sound: Sound): { heard: Sound; faults: ToneFaults } {
  const heard = activePart(sound);
  const edge = Math.round(heard.rate * EDGE_S);
  const faults = toneFaults({ rate: heard.rate, samples: heard.samples.subarray(edge, -edge) });
  expect(Math.abs(faults.frequency - FREQUENCY), 'frequency, Hz').toBeLessThan(0.5);
  expect(faults.phaseJump, 'lost or doubled samples, rad').toBeLessThan(0.05);
  expect(faults.residualDb, 'clicks and noise, dB').toBeLessThan(-35);
  expect(faults.unsteadinessDb, 'gaps, dB').toBeLessThan(0.5);
  return { heard, faults };
}
