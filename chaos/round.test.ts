import { expect, test } from 'vitest';
import { generateRestart, generateTurn, ROUND_MS } from './round.ts';
import { TAG_SAMPLES } from './tagged-audio.ts';

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

test('a seed determines a round, and no two of its turns are the same', () => {
  const turns = SEEDS.map((n) => generateTurn(9, n));
  expect(turns).toEqual(SEEDS.map((n) => generateTurn(9, n)));
  expect(new Set(turns.map(({ seed }) => seed)).size).toBe(SEEDS.length);
  expect(turns[0]).not.toEqual(generateTurn(10, 1));
});

test('every turn has the set pace and sends audio after its last cut', () => {
  for (const { frames, tail, faults, pace } of SEEDS.map((n) => generateTurn(3, n))) {
    expect(pace.perSecond).toBe(300);
    expect(faults.every(({ frame }) => frame < frames)).toBe(true);
    expect(tail === 0 || tail >= TAG_SAMPLES).toBe(true);
  }
});

test('the server restarts in about every other round, during the round', () => {
  const restarts = SEEDS.map(generateRestart).filter((at) => at !== null);
  expect(restarts.length).toBeGreaterThan(SEEDS.length / 3);
  expect(restarts.length).toBeLessThan((SEEDS.length * 2) / 3);
  expect(restarts.every((at) => at > 0 && at < ROUND_MS)).toBe(true);
});
