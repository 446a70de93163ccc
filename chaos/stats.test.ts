import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Stats, slope } from './stats.ts';
import type { TurnOutcome } from './turn-outcome.ts';

function turn(seed: number, more: Partial<TurnOutcome> = {}): TurnOutcome {
  const comparison = { exact: true, lost: 0, duplicate: 0, misplaced: 0, neverSent: 0, firstWrong: null };
  return {
    seed,
    frames: 3_000,
    resumes: 21,
    refusedPresses: 0,
    cuts: { cut: 12, partial: 8 },
    comparison,
    failures: [],
    log: '',
    ...more,
  };
}

test('adds up turns and reports lost frames', () => {
  const stats = new Stats();
  stats.add(turn(1));
  stats.add(turn(2, { cuts: { partial: 20 }, refusedPresses: 3 }));
  expect(stats.lines()).toEqual([
    'turns      2, 0 of them failed; 3 presses found the server full',
    'frames     6000 (2 minutes of audio)',
    'cuts       40: partial 28, cut 12',
    'resumes    42',
    'lost       0 frames',
    'duplicate  0 frames',
    'misplaced  0 frames, 0 never sent',
  ]);
});

test('counts all frames of a turn without a recording as lost', () => {
  const stats = new Stats();
  stats.add(turn(7, { comparison: null, failures: ['no recording'] }));
  expect([stats.failed, stats.lost]).toEqual([1, 3_000]);
});

test('reports handles left open', () => {
  const stats = new Stats();
  expect(stats.leakLines({ Timeout: 2 }).at(-1)).toBe('left open  Timeout 2');
  expect(stats.leakLines({}).at(-1)).toBe('left open  nothing');
});

test('computes the heap slope from the second half of a run', () => {
  const stats = new Stats();
  for (let i = 0; i < 10; i++) {
    stats.add(turn(i));
    stats.addHeap(i < 5 ? 1e6 * i : 5e6 + 1_024 * i);
  }
  expect(stats.heapSlope).toBeCloseTo(1_024);
  expect(stats.leakLines({})[0]).toBe('heap       1.0 KiB a turn, 5.0 MB at the end');
  expect(new Stats().heapSlope).toBeNull();
});

test.each([
  ['a leak', 40 * 1024, 200, true],
  ['the noise of a short run', 40 * 1024, 40, false],
  ['growth that settles in a long run', 4 * 1024, 4_000, false],
])('recognises %s: %i bytes per turn over %i turns', (_, bytes, turns, leaks) => {
  const stats = new Stats();
  for (let i = 0; i < turns; i++) {
    stats.add(turn(i));
    stats.addHeap(2e7 + bytes * i);
  }
  expect(stats.leaks).toBe(leaks);
});

test('computes the slope of a line', () => {
  const numbers = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(numbers, numbers, fc.uniqueArray(numbers, { minLength: 2 }), (a, b, xs) => {
      expect(slope(xs.map((x) => [x, a * x + b] as const))).toBeCloseTo(a, 6);
    }),
  );
  expect(slope([[1, 1]])).toBe(0);
});
