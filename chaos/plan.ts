import type { CutKind, Direction } from '../testing/faults/proxied-connection.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { TAG_SAMPLES } from './tagged-audio.ts';
import type { Pace } from './tagged-microphone.ts';

/** A minute of 20 ms frames. */
export const TURN_FRAMES = 3_000;
export const CUTS = 20;
/** Number of frames within which a fault takes effect and is noticed. */
export const FAULT_FRAMES = 80;

/** How a connection breaks. */
export type Cut =
  /** Both sides are notified at once. */
  | { kind: 'cut'; how: CutKind }
  /** Breaks after some further bytes, usually in the middle of a frame. */
  | { kind: 'partial'; direction: Direction; bytes: number; how: CutKind }
  /** Discards all data in these directions for `ms`, then notifies both sides. */
  | { kind: 'drop'; directions: readonly Direction[]; ms: number }
  /** One side is notified at once, the other after `ms`. */
  | { kind: 'one_side'; side: 'client' | 'server'; ms: number }
  /** Stops all data without notifying anyone; thaws when the client has reconnected, or never. */
  | { kind: 'freeze'; thaw: boolean }
  /** Cuts, and holds the next connection back until the one after it has been welcomed. */
  | { kind: 'hold' };

/** A fault of the connection attempts after a cut. */
export type ReconnectFault =
  | { kind: 'refuse'; count: number }
  /** Cuts the handshake or the welcome after `bytes` bytes. */
  | { kind: 'handshake'; direction: Direction; bytes: number };

export interface Fault {
  /** Number of frames that are emitted before the fault. */
  frame: number;
  /** Pause (ms) before the cut, too short to count as a lost connection. */
  stallMs: number;
  cut: Cut;
  reconnectFault: ReconnectFault | null;
}

export interface Plan {
  seed: number;
  frames: number;
  /** Number of samples in the last, shorter frame; 0: none. */
  tail: number;
  pace: Pace;
  faults: Fault[];
  /** Fault while the last audio is being delivered; null: none. */
  atStop: Extract<Cut, { kind: 'cut' | 'partial' }> | null;
}

/** Generates a turn and its faults. The same seed gives the same plan. */
export function generatePlan(seed: number, frames = TURN_FRAMES, cuts = CUTS): Plan {
  const rng = new SeededRandom(seed).fork(0);
  const at = Array.from({ length: cuts }, () => rng.int(1, frames - FAULT_FRAMES)).sort((a, b) => a - b);
  return {
    seed,
    frames,
    tail: rng.chance(0.2) ? 0 : rng.int(TAG_SAMPLES, 319),
    pace: { burst: rng.pick([1, 10, 40, 100]), ahead: rng.pick([60, 250, 1_200]) },
    faults: at.map((frame) => generateFault(frame, rng)),
    atStop: rng.chance(0.25) ? rng.pick([generatePartialCut(rng), { kind: 'cut', how: generateCutKind(rng) }]) : null,
  };
}

function generateFault(frame: number, rng: SeededRandom): Fault {
  return {
    frame,
    stallMs: rng.chance(0.1) ? rng.int(1, 60) : 0,
    cut: generateCut(rng),
    reconnectFault: rng.chance(0.2) ? generateReconnectFault(rng) : null,
  };
}

function generateCut(rng: SeededRandom): Cut {
  // The client needs 2 to 4 s to notice these two, so each is rare: once in 200 cuts.
  const rare = rng.int(1, 200);
  if (rare === 1) return { kind: 'freeze', thaw: rng.chance(0.7) };
  if (rare === 2) return { kind: 'hold' };
  switch (rng.pick(['cut', 'cut', 'partial', 'partial', 'partial', 'drop', 'drop', 'one_side', 'one_side'])) {
    case 'cut':
      return { kind: 'cut', how: generateCutKind(rng) };
    case 'partial':
      return generatePartialCut(rng);
    case 'drop':
      return { kind: 'drop', directions: rng.pick([['up'], ['down'], ['up', 'down']]), ms: rng.int(0, 20) };
    case 'one_side':
      return { kind: 'one_side', side: rng.pick(['client', 'server']), ms: rng.int(0, 40) };
  }
}

function generateCutKind(rng: SeededRandom): CutKind {
  return rng.pick(['reset', 'fin']);
}

function generatePartialCut(rng: SeededRandom): Extract<Cut, { kind: 'partial' }> {
  // A frame upstream has 656 bytes. Downstream, only one acknowledgement of 60 bytes is certain to follow.
  const direction = rng.pick(['up', 'up', 'down']);
  return { kind: 'partial', direction, bytes: rng.int(1, direction === 'up' ? 2_600 : 60), how: generateCutKind(rng) };
}

function generateReconnectFault(rng: SeededRandom): ReconnectFault {
  if (rng.chance(0.4)) return { kind: 'refuse', count: rng.int(1, 3) };
  // Upstream: about 500 bytes of request and 70 of `ready`. Downstream: 150 of response and 350 of welcome.
  return { kind: 'handshake', direction: rng.pick(['up', 'down']), bytes: rng.int(0, 650) };
}
