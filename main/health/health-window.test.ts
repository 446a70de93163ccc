import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ESTABLISHMENT_BOUNDS_MS, HEALTH_WINDOW } from '../../shared/health.ts';
import { type Establishment, histogramOf, keepNewest, quantilesOf, summarise } from './health-window.ts';

const times = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { maxLength: 150 });

/** Reference implementation: the smallest value that at least `percent` of all values do not exceed. */
function referenceQuantile(values: readonly number[], percent: number): number | undefined {
  return values
    .filter((value) => values.filter((other) => other <= value).length * 100 >= percent * values.length)
    .reduce<number | undefined>((least, value) => (least === undefined || value < least ? value : least), undefined);
}

describe('quantiles', () => {
  test('property: match the definition, whatever the values and their order', () => {
    fc.assert(
      fc.property(times, (values) => {
        const quantiles = quantilesOf(values);
        const expected = {
          p50: referenceQuantile(values, 50),
          p95: referenceQuantile(values, 95),
          p99: referenceQuantile(values, 99),
        };
        expect(quantiles).toEqual(values.length === 0 ? null : expected);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['one value', [7], { p50: 7, p95: 7, p99: 7 }],
    ['two values', [9, 1], { p50: 1, p95: 9, p99: 9 }],
    ['ten values, sorted as numbers', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], { p50: 5, p95: 10, p99: 10 }],
    ['1 to 100', Array.from({ length: 100 }, (_, i) => i + 1), { p50: 50, p95: 95, p99: 99 }],
  ])('of %s', (_title, values, expected) => {
    expect(quantilesOf(values)).toEqual(expected);
  });

  test('do not change the order of the values', () => {
    const values = [3, 1, 2];
    quantilesOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the histogram', () => {
  test('counts each time once, in the bucket with the smallest bound that it does not exceed', () => {
    fc.assert(
      fc.property(times, (values) => {
        const bars = histogramOf(values);
        let lower = Number.NEGATIVE_INFINITY;
        for (const { up_to_ms, count } of bars) {
          const upper = up_to_ms ?? Number.POSITIVE_INFINITY;
          expect(count).toBe(values.filter((value) => value > lower && value <= upper).length);
          lower = upper;
        }
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  test('has every bound, and a last bucket without one, even without times', () => {
    expect(histogramOf([]).map(({ up_to_ms }) => up_to_ms)).toEqual([...ESTABLISHMENT_BOUNDS_MS, null]);
  });
});

describe('the summary', () => {
  const ready = (ms: number, attempts = 1): Establishment => ({ outcome: 'ready', attempts, ms });
  const failed: Establishment = { outcome: 'failed', attempts: 3, ms: 900 };

  test('of no connections has null values', () => {
    expect(summarise([])).toEqual({
      connections: 0,
      success_rate: null,
      retry_rate: null,
      establishment_ms: null,
      histogram: histogramOf([]),
    });
  });

  test('counts a failed connection as retried and not successful, without an establishment time', () => {
    const summary = summarise([ready(1), ready(2), ready(301, 2), failed]);
    expect(summary).toMatchObject({ connections: 4, success_rate: 0.75, retry_rate: 0.5 });
    expect(summary.establishment_ms).toEqual({ p50: 2, p95: 301, p99: 301 });
    expect(summary.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  test('of only failed connections has rates but no times', () => {
    expect(summarise([failed])).toMatchObject({ success_rate: 0, retry_rate: 1, establishment_ms: null });
  });
});

test('keepNewest keeps the latest items in order, at most the window size', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 3 * HEALTH_WINDOW }), (all) => {
      const kept: number[] = [];
      for (const item of all) keepNewest(kept, item);
      expect(kept).toEqual(all.slice(-HEALTH_WINDOW));
    }),
  );
});
