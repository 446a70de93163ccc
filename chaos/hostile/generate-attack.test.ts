import { expect, test } from 'vitest';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { KINDS } from './attack.ts';
import { generateAttack } from './generate-attack.ts';

const generated = (seed: number, count: number) => {
  const rng = new SeededRandom(seed);
  return Array.from({ length: count }, () => generateAttack(rng));
};

test('the same seed generates the same attacks, another seed different ones', () => {
  expect(generated(5, 60)).toEqual(generated(5, 60));
  expect(generated(6, 60)).not.toEqual(generated(5, 60));
});

test('generates every kind, and slow attacks and those that fill the server least often', () => {
  const counts = new Map(KINDS.map((kind) => [kind, 0]));
  for (const { kind } of generated(1, 4_000)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rarest = [...counts].sort(([, a], [, b]) => a - b).map(([kind]) => kind);
  expect(Math.min(...counts.values())).toBeGreaterThan(0);
  expect(rarest[0]).toBe('crowd');
  expect(new Set(rarest.slice(1, 3))).toEqual(new Set(['no ready', 'slow upgrade']));
});

test('a script that does not end in `leave` expects the server to end the connection', () => {
  for (const { script, expect: ends } of generated(2, 2_000)) {
    expect(script[0]).toEqual({ do: 'connect' });
    expect(ends.length).toBeGreaterThan(0);
    expect(ends).not.toContain('silence');
    expect(ends.includes('left')).toBe(script.at(-1)?.do === 'leave');
  }
});

test('only crowd and metrics attacks use several peers', () => {
  const several = generated(3, 4_000).filter(({ peers }) => peers > 1);
  expect(new Set(several.map(({ kind }) => kind))).toEqual(new Set(['crowd', 'metrics']));
});
