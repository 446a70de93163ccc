import type { EarshotError } from '../../shared/errors.ts';
import { micError } from './mic-problem.ts';

/** A capture answers a flush within 70 ms; one that does not run never does. */
export const FLUSH_TIMEOUT_MS = 250;
/** How long the code of the capture's thread may take to load (ms); from this machine it takes some milliseconds. */
export const LOAD_TIMEOUT_MS = 10_000;
/** Headsets that connect by radio take two to three seconds until their first sound. */
export const FIRST_SOUND_TIMEOUT_MS = 10_000;

/** The device was opened and gives nothing, not even silence. */
export function noSound(): EarshotError {
  return micError('mic_no_sound');
}
