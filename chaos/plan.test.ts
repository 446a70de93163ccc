import { expect, test } from 'vitest';
import { CUTS, FAULT_FRAMES, generatePlan, TURN_FRAMES } from './plan.ts';
import { TAG_SAMPLES } from './tagged-audio.ts';

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

test('the same seed gives the same plan, and another seed a different one', () => {
  expect(SEEDS.map((seed) => generatePlan(seed))).toEqual(SEEDS.map((seed) => generatePlan(seed)));
  expect(new Set(SEEDS.map((seed) => JSON.stringify(generatePlan(seed).faults))).size).toBe(SEEDS.length);
});

test('a plan has twenty cuts in order, each followed by enough frames to notice it', () => {
  for (const { faults } of SEEDS.map((seed) => generatePlan(seed))) {
    const frames = faults.map(({ frame }) => frame);
    expect(frames).toHaveLength(CUTS);
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
    expect(frames.at(-1)).toBeLessThanOrEqual(TURN_FRAMES - FAULT_FRAMES);
  }
});

test('two hundred seeds contain every kind of cut and every kind of reconnect fault', () => {
  const plans = SEEDS.map((seed) => generatePlan(seed));
  const faults = plans.flatMap((plan) => plan.faults);
  const kinds = new Set(faults.map(({ cut }) => cut.kind));
  expect(kinds).toEqual(new Set(['cut', 'partial', 'drop', 'one_side', 'freeze', 'hold']));
  expect(new Set(faults.map(({ reconnectFault }) => reconnectFault?.kind))).toEqual(
    new Set([undefined, 'refuse', 'handshake']),
  );
  expect(new Set(plans.map(({ atStop }) => atStop?.kind))).toEqual(new Set([undefined, 'cut', 'partial']));
  expect(faults.some(({ stallMs }) => stallMs > 0)).toBe(true);
});

test('a tail is either empty or long enough for its tag', () => {
  const tails = SEEDS.map((seed) => generatePlan(seed).tail);
  expect(tails).toContain(0);
  expect(tails.filter((tail) => tail > 0 && (tail < TAG_SAMPLES || tail > 319))).toEqual([]);
});
