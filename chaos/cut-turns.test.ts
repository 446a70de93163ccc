import { expect, test } from 'vitest';
import { describeOutcome, runCutTurn, type TurnOutcome } from './cut-turn.ts';
import { generatePlan } from './plan.ts';

/** So many turns at a time: they wait for their timers side by side. */
const SIDE_BY_SIDE = 12;
const SEEDS = 200;
const BLOCK = 100;

async function runSeeds(from: number, to: number): Promise<TurnOutcome[]> {
  const outcomes: TurnOutcome[] = [];
  let next = from;
  const lane = async (): Promise<void> => {
    while (next <= to) outcomes.push(await runCutTurn(generatePlan(next++)));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return outcomes;
}

// Blocks, so that a slow machine shows where it is.
const blocks = Array.from({ length: SEEDS / BLOCK }, (_, i) => [i * BLOCK + 1, (i + 1) * BLOCK] as const);

test.each(blocks)(
  'H17 a minute cut twenty times is recorded byte for byte, in one session (seeds %i to %i)',
  async (from, to) => {
    const outcomes = await runSeeds(from, to);
    expect(outcomes).toHaveLength(BLOCK);
    const broken = outcomes.filter(({ faults }) => faults.length > 0);
    // Each again alone: npm run soak -- --turn <seed>
    expect(broken.map(describeOutcome).join('\n\n')).toBe('');
  },
  180_000,
);
