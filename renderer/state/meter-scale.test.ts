import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLOOR_DBFS } from '../../shared/level.ts';
import { HOLD_MS, isAtRest, METER_AT_REST, scalePosition, stepMeter, wordNow } from './meter-scale.ts';

test('the scale is linear in dB and ends at -60 and 0', () => {
  expect([-96, -60, -30, -6, 0, 3].map(scalePosition)).toEqual([0, 0, 0.5, 0.9, 1, 1]);
});

describe('stepMeter', () => {
  test('the bar rises at once and falls slowly', () => {
    const loud = stepMeter(METER_AT_REST, -10, 20);
    expect(loud).toMatchObject({ bar: -10, hold: -10 });
    expect(stepMeter(loud, -50, 500)).toMatchObject({ bar: -25, hold: -10 });
  });

  test('the mark stays, then moves in one step to the highest level since', () => {
    let reading = stepMeter(METER_AT_REST, -10, 20);
    const holds = [reading.hold];
    for (let ms = 0; ms < 2 * HOLD_MS + 200; ms += 20) {
      reading = stepMeter(reading, ms === 1_000 ? -18 : -40, 20);
      if (reading.hold !== holds.at(-1)) holds.push(reading.hold);
    }
    expect(holds).toEqual([-10, -18, -40]);
  });

  test('the bar is never below the level, the mark never below the bar, nothing below the floor', () => {
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

  test('the word stays the same between two sentences, and follows a voice that gets quiet', () => {
    let reading = stepMeter(METER_AT_REST, -12, 20);
    const words = [wordNow(METER_AT_REST), wordNow(reading)];
    for (let ms = 0; ms < 12_000; ms += 20) {
      reading = stepMeter(reading, -48, 20);
      if (wordNow(reading) !== words.at(-1)) words.push(wordNow(reading));
      if (ms < 4_000) expect(wordNow(reading)).toBe('good');
    }
    expect(words).toEqual(['none', 'good', 'very_quiet']);
  });

  test('a clipped sample is marked for three seconds, and only a sample at full scale is clipped', () => {
    let reading = stepMeter(METER_AT_REST, -0.1, 20);
    expect(wordNow(reading)).toBe('good');
    reading = stepMeter(reading, 0, 20);
    expect(wordNow(reading)).toBe('too_loud');
    reading = stepMeter(reading, -12, 2_900);
    expect(wordNow(reading)).toBe('too_loud');
    expect(wordNow(stepMeter(reading, -12, 200))).toBe('good');
  });

  test('in silence the meter falls to its lowest reading', () => {
    let reading = stepMeter(METER_AT_REST, 0, 20);
    for (let i = 0; i < 1_000 && !isAtRest(reading); i++) reading = stepMeter(reading, null, 20);
    expect(isAtRest(reading)).toBe(true);
  });
});
