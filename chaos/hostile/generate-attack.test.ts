import { expect, test } from 'vitest';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { KINDS } from './attempt.ts';
import { generateAttack } from './generate-attack.ts';

const drawn = (seed: number, count: number) => {
  const rng = new SeededRandom(seed);
  return Array.from({ length: count }, () => generateAttack(rng));
};

test('the same seed draws the same attempts, another one others', () => {
  expect(drawn(5, 60)).toEqual(drawn(5, 60));
  expect(drawn(6, 60)).not.toEqual(drawn(5, 60));
});

test('every kind is drawn; those that take long or fill the server are the rarest', () => {
  const counts = new Map(KINDS.map((kind) => [kind, 0]));
  for (const { kind } of drawn(1, 4_000)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rarest = [...counts].sort(([, a], [, b]) => a - b).map(([kind]) => kind);
  expect(Math.min(...counts.values())).toBeGreaterThan(0);
  expect(rarest[0]).toBe('crowd');
  expect(new Set(rarest.slice(1, 3))).toEqual(new Set(['no ready', 'slow upgrade']));
});

test('whoever does not leave by itself expects an end that the server makes', () => {
  for (const { script, expect: ends } of drawn(2, 2_000)) {
    expect(script[0]).toEqual({ do: 'dial' });
    expect(ends.length).toBeGreaterThan(0);
    expect(ends).not.toContain('silence');
    expect(ends.includes('left')).toBe(script.at(-1)?.do === 'leave');
  }
});

test('only crowds, and those who ask for the metrics, come as several', () => {
  const several = drawn(3, 4_000).filter(({ peers }) => peers > 1);
  expect(new Set(several.map(({ kind }) => kind))).toEqual(new Set(['crowd', 'metrics']));
});
