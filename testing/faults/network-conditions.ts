import type { SeededRandom } from '../seeded-random.ts';

/** Timing and fragmentation of one direction of a connection. The contents never change. */
export interface NetworkConditions {
  /** Length of the next piece in bytes, at least 1. Pieces don't depend on the sizes of reads. */
  pieceBytes(): number;
  /** Delay of the next piece, in ms. Pieces are never reordered. */
  delayMs(): number;
}

/** No delay and no fragmentation. */
export const NO_FAULTS: NetworkConditions = { pieceBytes: () => Number.POSITIVE_INFINITY, delayMs: () => 0 };

/** Longest delay (ms) of a piece: well below every timeout, but long enough to change the order of events. */
const MAX_DELAY_MS = 8;

/**
 * Generates the conditions of one direction: no faults in four of ten cases, otherwise fragmentation (pieces from one
 * byte to a few frames, so that a WebSocket frame arrives in several reads), delays, or both.
 */
export function generateConditions(rng: SeededRandom): NetworkConditions {
  const kind = rng.pick(['none', 'none', 'none', 'none', 'fragmented', 'fragmented', 'slow', 'slow', 'both', 'both']);
  const fragmented = kind === 'fragmented' || kind === 'both';
  const slow = kind === 'slow' || kind === 'both';
  return {
    // Most pieces are long: each single byte takes a system call and tests nothing new.
    pieceBytes: () => {
      if (!fragmented) return Number.POSITIVE_INFINITY;
      if (rng.chance(0.2)) return rng.int(1, 16);
      return rng.chance(0.3) ? rng.int(17, 700) : rng.int(701, 24_000);
    },
    delayMs: () => (slow && rng.chance(0.3) ? rng.int(1, MAX_DELAY_MS) : 0),
  };
}
