import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TurnOutcome } from './cut-turn.ts';
import { Figures, slope } from './figures.ts';

function turn(seed: number, more: Partial<TurnOutcome> = {}): TurnOutcome {
  const heard = { exact: true, lost: 0, doubled: 0, misplaced: 0, foreign: 0, firstWrong: null };
  return { seed, frames: 3_000, resumes: 21, cuts: { cut: 12, half: 8 }, heard, faults: [], log: '', ...more };
}

it('adds up turns, and says how many were lost', () => {
  const figures = new Figures();
  figures.add(turn(1));
  figures.add(turn(2, { cuts: { half: 20 } }));
  expect(figures.failed).toEqual([]);
  expect(figures.lines({}).slice(0, 6)).toEqual([
    'turns      2, 0 of them failed',
    'frames     6000 (2 minutes of audio)',
    'cuts       40: half 28, cut 12',
    'resumes    42',
    'lost       0 frames',
    'doubled    0 frames',
  ]);
  expect(figures.lines({}).at(-1)).toBe('left open  nothing');
});

it('a turn without a recording is lost as a whole', () => {
  const figures = new Figures();
  figures.add(turn(7, { heard: null, faults: ['no recording'] }));
  expect([figures.failed, figures.lost]).toEqual([[7], 3_000]);
});

it('names what was left open', () => {
  expect(new Figures().lines({ Timeout: 2 }).at(-1)).toBe('left open  Timeout 2');
});

it('tells the slope of the heap from the second half of a run', () => {
  const figures = new Figures();
  for (let i = 0; i < 10; i++) {
    figures.add(turn(i));
    figures.addHeap(i < 5 ? 1e6 * i : 5e6 + 1_024 * i);
  }
  expect(figures.heapSlope).toBeCloseTo(1_024);
  expect(new Figures().heapSlope).toBeNull();
});

it('the slope of a line is its own', () => {
  const numbers = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(numbers, numbers, fc.uniqueArray(numbers, { minLength: 2 }), (a, b, xs) => {
      expect(slope(xs.map((x) => [x, a * x + b] as const))).toBeCloseTo(a, 6);
    }),
  );
  expect(slope([[1, 1]])).toBe(0);
});
