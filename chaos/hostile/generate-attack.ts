import type { SeededRandom } from '../../testing/seeded-random.ts';
import { type Attack, KINDS, type Kind } from './attack.ts';
import { type GeneratedAttack, HANDSHAKE_ATTACKS } from './handshake-attacks.ts';
import { POST_HANDSHAKE_ATTACKS } from './post-handshake-attacks.ts';

const GENERATORS: Readonly<Record<Kind, (rng: SeededRandom) => GeneratedAttack>> = {
  ...HANDSHAKE_ATTACKS,
  ...POST_HANDSHAKE_ATTACKS,
};

/**
 * Relative frequency of a kind. Slow attacks, and attacks that fill the server, are rarer to leave room for windows.
 */
const WEIGHTS: Partial<Record<Kind, number>> = { 'slow upgrade': 4, 'no ready': 4, crowd: 1 };
const DEFAULT_WEIGHT = 24;
const WEIGHTED_KINDS: readonly Kind[] = KINDS.flatMap((kind) =>
  Array<Kind>(WEIGHTS[kind] ?? DEFAULT_WEIGHT).fill(kind),
);

/** Generates the next attack, which depends only on the state of `rng`. */
export function generateAttack(rng: SeededRandom): Attack {
  const kind = rng.pick(WEIGHTED_KINDS);
  const { script, expect, peers = 1, staggerMs = 0, ignoresClose = false } = GENERATORS[kind](rng);
  return { kind, script, expect, peers, staggerMs, ignoresClose };
}
