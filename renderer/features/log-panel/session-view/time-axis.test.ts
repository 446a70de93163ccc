import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clustersOf, percentOf, ticksOf, timeText } from './time-axis.ts';

test.each([
  [45, ['0', '10\u00a0ms', '20\u00a0ms', '30\u00a0ms', '40\u00a0ms']],
  [4_200, ['0', '1.0\u00a0s', '2.0\u00a0s', '3.0\u00a0s', '4.0\u00a0s']],
  [65_000, ['0', '0:15', '0:30', '0:45', '1:00']],
  [1_000_000, ['0', '4:00', '8:00', '12:00', '16:00']],
])('an axis of %i ms has round labels', (end, labels) => {
  expect(ticksOf(end, 5).map(({ label }) => label)).toEqual(labels);
});

test('an axis of any length has few labels, all of them on it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (end) => {
      const ticks = ticksOf(end, 5);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(6);
      for (const { at } of ticks) expect(at).toBeLessThanOrEqual(end);
    }),
  );
});

test('times of a session that is longer than a minute are minutes and seconds', () => {
  expect([timeText(12, 500), timeText(1_500, 59_000), timeText(1_500, 90_000), timeText(0, 1)]).toEqual([
    '12\u00a0ms',
    '1.5\u00a0s',
    '0:01',
    '0',
  ]);
});

test('positions stay on the axis', () => {
  expect([percentOf(5, 10), percentOf(11, 10), percentOf(-1, 10), percentOf(5, 0)]).toEqual([50, 100, 0, 0]);
});

test('events that are close together share a sign, and keep their numbers', () => {
  const clusters = clustersOf([{ at: 0 }, { at: 2 }, { at: 3 }, { at: 50 }], 100, 5);
  expect(clusters.map(({ at, first, items }) => [at, first, items.length])).toEqual([
    [0, 1, 3],
    [50, 4, 1],
  ]);
});
