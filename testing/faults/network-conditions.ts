import type { SeededRandom } from '../seeded-random.ts';

/** How bytes travel in one direction of a connection. Affects timing and fragmentation, never the contents. */
export interface NetworkConditions {
  /** Length of the next piece in bytes, at least 1. Pieces are independent of the sizes of reads. */
  pieceBytes(): number;
  /** Delay of the next piece, in ms. Pieces are never reordered. */
  delayMs(): number;
}

/** No delay and no fragmentation. */
export const NO_FAULTS: NetworkConditions = { pieceBytes: () => Number.POSITIVE_INFINITY, delayMs: () => 0 };

/** Longest delay of a piece, in ms: well below every timeout, but long enough to change the order of events. */
const MAX_DELAY_MS = 8;

/**
 * Generates the conditions of one direction: none in four of ten cases, else fragmentation (pieces from one byte to a
 * few frames, so a WebSocket frame arrives in several reads), delays, or both.
 */
export function generateConditions(rng: SeededRandom): NetworkConditions {
  const kind = rng.pick(['none', 'none', 'none', 'none', 'fragmented', 'fragmented', 'slow', 'slow', 'both', 'both']);
  const fragmented = kind === 'fragmented' || kind === 'both';
  const slow = kind === 'slow' || kind === 'both';
  return {
    // Mostly long pieces: single bytes cost a system call each without testing more.
    pieceBytes: () => {
      if (!fragmented) return Number.POSITIVE_INFINITY;
      if (rng.chance(0.2)) return rng.int(1, 16);
      return rng.chance(0.3) ? rng.int(17, 700) : rng.int(701, 24_000);
    },
    delayMs: () => (slow && rng.chance(0.3) ? rng.int(1, MAX_DELAY_MS) : 0),
  };
}
