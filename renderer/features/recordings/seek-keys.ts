import { SKIP_S } from '../../state/player-store.ts';

/** Shorter recordings (seconds) are moved through in steps of one second. */
const SHORT_S = 3 * SKIP_S;

/**
 * How far a key moves in a recording, in seconds; null: the key does not move. Home and End move to the ends. Pure.
 * @param durationS length of the recording
 */
export function seekStep(key: string, durationS: number): number | null {
  const arrow = durationS < SHORT_S ? 1 : SKIP_S;
  const page = Math.max(2 * arrow, durationS / 10);
  const steps = new Map([
    ['ArrowRight', arrow],
    ['ArrowUp', arrow],
    ['ArrowLeft', -arrow],
    ['ArrowDown', -arrow],
    ['PageUp', page],
    ['PageDown', -page],
    ['Home', -durationS],
    ['End', durationS],
  ]);
  return steps.get(key) ?? null;
}
