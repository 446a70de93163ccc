import type { EarshotError } from '../../shared/errors.ts';
import { micError } from './mic-problem.ts';

/** Timeout for a flush, in ms. A running capture answers within 70 ms. */
export const FLUSH_TIMEOUT_MS = 250;
/** Timeout for loading the worker or worklet, in ms. From this machine it takes a few milliseconds. */
export const LOAD_TIMEOUT_MS = 10_000;
/** Timeout for the first sound, in ms. Wireless headsets take two to three seconds. */
export const FIRST_SOUND_TIMEOUT_MS = 10_000;

/** The device was opened but delivers nothing, not even silence. */
export function noSound(): EarshotError {
  return micError('mic_no_sound');
}
