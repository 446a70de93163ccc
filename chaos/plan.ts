import type { CutKind, Direction } from '../testing/faults/proxied-connection.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import type { Pace } from './fake-microphone.ts';
import { TAG_SAMPLES } from './tagged-audio.ts';

/** A minute of 20 ms frames. */
export const TURN_FRAMES = 3_000;
export const CUTS = 20;
/** A fault has had all the bytes that it waits for, or been noticed, when so many further frames were given. */
export const FAULT_FRAMES = 80;

/** What happens to a connection. Each of these breaks it. */
export type Cut =
  /** Both sides hear of it at once. */
  | { kind: 'cut'; how: CutKind }
  /** After some more bytes, mostly in the middle of a frame. */
  | { kind: 'half'; direction: Direction; bytes: number; how: CutKind }
  /** Everything is swallowed in these directions, for a while; then both sides hear of it. */
  | { kind: 'drop'; directions: readonly Direction[]; ms: number }
  /** One side hears of it at once, the other later. */
  | { kind: 'one_side'; side: 'client' | 'server'; ms: number }
  /** Nothing moves, nobody is told. Thawed once the client is back, or never. */
  | { kind: 'freeze'; thaw: boolean }
  /** A cut whose next connection is held back until the one after it is welcomed. */
  | { kind: 'hold' };

/** What the next tries to connect meet, too. */
export type ReconnectFault =
  | { kind: 'refuse'; count: number }
  /** The handshake or the welcome is cut after so many bytes. */
  | { kind: 'handshake'; direction: Direction; bytes: number };

export interface Fault {
  /** The microphone has given so many frames. */
  frame: number;
  /** A pause that nobody should take for a loss, in ms, before the cut. */
  stallMs: number;
  cut: Cut;
  aftermath: ReconnectFault | null;
}

export interface Plan {
  seed: number;
  frames: number;
  /** Samples of the last, shorter frame; 0: there is none. */
  tail: number;
  pace: Pace;
  faults: Fault[];
  /** Strikes the connection that carries the last words. */
  atStop: Extract<Cut, { kind: 'cut' | 'half' }> | null;
}

/** Draws a turn and all that happens to it. The same seed gives the same plan. */
export function generatePlan(seed: number, frames = TURN_FRAMES, cuts = CUTS): Plan {
  const rng = new SeededRandom(seed).fork(0);
  const at = Array.from({ length: cuts }, () => rng.int(1, frames - FAULT_FRAMES)).sort((a, b) => a - b);
  return {
    seed,
    frames,
    tail: rng.chance(0.2) ? 0 : rng.int(TAG_SAMPLES, 319),
    pace: { burst: rng.pick([1, 10, 40, 100]), ahead: rng.pick([60, 250, 1_200]) },
    faults: at.map((frame) => drawFault(frame, rng)),
    atStop: rng.chance(0.25) ? rng.pick([drawHalf(rng), { kind: 'cut', how: drawHow(rng) }]) : null,
  };
}

function drawFault(frame: number, rng: SeededRandom): Fault {
  return {
    frame,
    stallMs: rng.chance(0.1) ? rng.int(1, 60) : 0,
    cut: drawCut(rng),
    aftermath: rng.chance(0.2) ? drawAftermath(rng) : null,
  };
}

function drawCut(rng: SeededRandom): Cut {
  // What nobody is told of costs 2 to 4 s until the client has noticed: once in 200 cuts each.
  const rare = rng.int(1, 200);
  if (rare === 1) return { kind: 'freeze', thaw: rng.chance(0.7) };
  if (rare === 2) return { kind: 'hold' };
  switch (rng.pick(['cut', 'cut', 'half', 'half', 'half', 'drop', 'drop', 'one_side', 'one_side'])) {
    case 'cut':
      return { kind: 'cut', how: drawHow(rng) };
    case 'half':
      return drawHalf(rng);
    case 'drop':
      return { kind: 'drop', directions: rng.pick([['up'], ['down'], ['up', 'down']]), ms: rng.int(0, 20) };
    case 'one_side':
      return { kind: 'one_side', side: rng.pick(['client', 'server']), ms: rng.int(0, 40) };
  }
}

function drawHow(rng: SeededRandom): CutKind {
  return rng.pick(['reset', 'fin']);
}

function drawHalf(rng: SeededRandom): Extract<Cut, { kind: 'half' }> {
  // Up are frames of 656 bytes. Down is one acknowledgement of 60 for sure, however many frames arrive in one read.
  const direction = rng.pick(['up', 'up', 'down']);
  return { kind: 'half', direction, bytes: rng.int(1, direction === 'up' ? 2_600 : 60), how: drawHow(rng) };
}

function drawAftermath(rng: SeededRandom): ReconnectFault {
  if (rng.chance(0.4)) return { kind: 'refuse', count: rng.int(1, 3) };
  // Up the request has about 500 bytes and `ready` 70; down the answer to the upgrade 150 and the welcome 350.
  return { kind: 'handshake', direction: rng.pick(['up', 'down']), bytes: rng.int(0, 650) };
}
