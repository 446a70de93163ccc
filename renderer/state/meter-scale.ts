import { FLOOR_DBFS } from '../../shared/level.ts';

/** The left end of the scale, in dBFS. Below it, a voice can't be distinguished from room noise. */
export const SCALE_FLOOR_DBFS = -60;
/** Labels of the scale, in dBFS. */
export const SCALE_MARKS = [-60, -40, -20, -6, 0] as const;
/** How long (ms) the mark stays at a peak. Then it moves to the highest level since. */
export const HOLD_MS = 1_500;
/** For this long (ms) after a peak, the falling bar does not count as a new level. */
const AFTER_PEAK_MS = 500;
/** How fast the bar falls, in dB/s. It rises at once, like a peak programme meter. */
const FALL_DB_PER_S = 30;

/** Position on the scale, in [0, 1], of a level in dBFS. */
export function scalePosition(dbfs: number): number {
  return Math.min(1, Math.max(0, (dbfs - SCALE_FLOOR_DBFS) / -SCALE_FLOOR_DBFS));
}

/** What the meter shows at one moment. All levels are peaks in dBFS. The number next to the meter is `hold`. */
export interface MeterReading {
  bar: number;
  /** The highest level of the last seconds. */
  hold: number;
  /** How long the mark has been at `hold`, in ms. */
  heldMs: number;
  /** The highest bar since the mark was set, and its next position. */
  next: number;
}

export const METER_AT_REST: MeterReading = { bar: FLOOR_DBFS, hold: FLOOR_DBFS, heldMs: 0, next: FLOOR_DBFS };

/**
 * The next reading of the meter.
 * @param peak the highest peak since the last reading, in dBFS; null in silence or if there is no new level
 * @param elapsedMs time since the last reading
 */
export function stepMeter(before: MeterReading, peak: number | null, elapsedMs: number): MeterReading {
  const level = Math.max(FLOOR_DBFS, peak ?? FLOOR_DBFS);
  const bar = Math.max(level, before.bar - (FALL_DB_PER_S * elapsedMs) / 1000);
  if (level >= before.hold) return { bar, hold: level, heldMs: 0, next: FLOOR_DBFS };
  const heldMs = before.heldMs + elapsedMs;
  const next = heldMs > AFTER_PEAK_MS ? Math.max(before.next, bar) : bar;
  if (heldMs <= HOLD_MS) return { bar, hold: before.hold, heldMs, next };
  return { bar, hold: next, heldMs: 0, next: FLOOR_DBFS };
}

/** Whether a level is within the scale. */
export function isOnScale(dbfs: number): boolean {
  return dbfs >= SCALE_FLOOR_DBFS;
}

export function isAtRest(reading: MeterReading): boolean {
  return reading.bar <= FLOOR_DBFS && reading.hold <= FLOOR_DBFS;
}
