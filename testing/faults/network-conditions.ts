import type { SeededRandom } from '../seeded-random.ts';

/** How bytes travel in one direction of one connection. It changes when they arrive and in what pieces, never which. */
export interface NetworkConditions {
  /**
   * Bytes until the next place at which the stream is cut into pieces, at least 1. Counted in the stream, not in reads.
   */
  pieceBytes(): number;
  /** ms that the next piece takes. A later piece never overtakes an earlier one. */
  delayMs(): number;
}

/** No delay and no fragmentation. */
export const NO_FAULTS: NetworkConditions = { pieceBytes: () => Number.POSITIVE_INFINITY, delayMs: () => 0 };

/** Longest delay of one piece, in ms: far from every time-out, long enough to change the order of things. */
const MAX_DELAY_MS = 8;

/**
 * Generates the conditions of one direction: four in ten calm, the others choppy (pieces from one byte to a few frames,
 * so that a WebSocket frame arrives in several reads), slow, or both.
 */
export function generateConditions(rng: SeededRandom): NetworkConditions {
  const kind = rng.pick(['calm', 'calm', 'calm', 'calm', 'choppy', 'choppy', 'slow', 'slow', 'both', 'both']);
  const choppy = kind === 'choppy' || kind === 'both';
  const slow = kind === 'slow' || kind === 'both';
  return {
    // Mostly long pieces: bytes one by one would cost a system call each, and prove no more.
    pieceBytes: () => {
      if (!choppy) return Number.POSITIVE_INFINITY;
      if (rng.chance(0.2)) return rng.int(1, 16);
      return rng.chance(0.3) ? rng.int(17, 700) : rng.int(701, 24_000);
    },
    delayMs: () => (slow && rng.chance(0.3) ? rng.int(1, MAX_DELAY_MS) : 0),
  };
}
