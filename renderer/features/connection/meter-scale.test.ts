import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLOOR_DBFS } from '../../../shared/level.ts';
import { HOLD_MS, isAtRest, METER_AT_REST, scalePosition, stepMeter } from './meter-scale.ts';

test('the scale is even in dB and ends at -60 and 0', () => {
  expect([-96, -60, -30, -6, 0, 3].map(scalePosition)).toEqual([0, 0, 0.5, 0.9, 1, 1]);
});

describe('stepMeter', () => {
  test('rises at once and falls slowly, the mark after standing a while', () => {
    const loud = stepMeter(METER_AT_REST, -10, 20);
    expect(loud).toEqual({ bar: -10, hold: -10, heldMs: 0 });
    const later = stepMeter(loud, -50, 500);
    expect(later.bar).toBe(-25);
    expect(later.hold).toBe(-10);
    expect(stepMeter(later, -50, HOLD_MS).hold).toBeLessThan(-10);
  });

  test('the bar is never under the level, the mark never under the bar, nothing under the floor', () => {
    const level = fc.option(fc.float({ min: -120, max: 0, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(level, fc.integer({ min: 0, max: 100 }))), (steps) => {
        let reading = METER_AT_REST;
        for (const [peak, ms] of steps) {
          reading = stepMeter(reading, peak, ms);
          expect(reading.bar).toBeGreaterThanOrEqual(Math.max(FLOOR_DBFS, peak ?? FLOOR_DBFS));
          expect(reading.hold).toBeGreaterThanOrEqual(reading.bar);
        }
      }),
    );
  });

  test('in silence it comes to rest', () => {
    let reading = stepMeter(METER_AT_REST, 0, 20);
    for (let i = 0; i < 1_000 && !isAtRest(reading); i++) reading = stepMeter(reading, null, 20);
    expect(isAtRest(reading)).toBe(true);
  });
});
