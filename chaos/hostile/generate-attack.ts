import type { SeededRandom } from '../../testing/seeded-random.ts';
import { type Attack, KINDS, type Kind } from './attempt.ts';
import { type GeneratedAttack, HANDSHAKE_ATTACKS } from './handshake-attacks.ts';
import { POST_HANDSHAKE_ATTACKS } from './post-handshake-attacks.ts';

const DRAWS: Readonly<Record<Kind, (rng: SeededRandom) => GeneratedAttack>> = {
  ...HANDSHAKE_ATTACKS,
  ...POST_HANDSHAKE_ATTACKS,
};

/** How often a kind is drawn. Those that take seconds, or the places that honest windows need, are rarer than the others. */
const WEIGHTS: Partial<Record<Kind, number>> = { 'slow upgrade': 4, 'no ready': 4, crowd: 1 };
const USUAL_WEIGHT = 24;
const LOTS: readonly Kind[] = KINDS.flatMap((kind) => Array<Kind>(WEIGHTS[kind] ?? USUAL_WEIGHT).fill(kind));

/** Draws what the next peers try. The same dice give the same attempt. */
export function generateAttack(rng: SeededRandom): Attack {
  const kind = rng.pick(LOTS);
  const { script, expect, peers = 1, apartMs = 0, rude = false } = DRAWS[kind](rng);
  return { kind, script, expect, peers, apartMs, rude };
}
