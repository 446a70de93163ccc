import { FLOOR_DBFS } from '../../shared/level.ts';

/** The left end of the drawn scale, in dBFS: below it a voice is not told from the room. */
export const SCALE_FLOOR_DBFS = -60;
/** Where the scale is labelled, in dBFS. */
export const SCALE_MARKS = [-60, -40, -20, -6, 0] as const;
/** A peak stays marked this long (ms); then the mark moves to the highest level since. */
export const HOLD_MS = 1_500;
/** The bar that falls from a peak is no level of its own until this long (ms) after it. */
const AFTER_PEAK_MS = 500;
/** How fast the bar falls, in dB a second; it rises at once, as a peak programme meter does. */
const FALL_DB_PER_S = 30;

/** Position on the drawn scale, 0..1, of a level in dBFS. */
export function scalePosition(dbfs: number): number {
  return Math.min(1, Math.max(0, (dbfs - SCALE_FLOOR_DBFS) / -SCALE_FLOOR_DBFS));
}

/**
 * What the meter shows at one moment, all peak levels in dBFS. The number beside the meter is `hold`: it and its mark are
 * drawn from the same reading, and it changes rarely enough to be read.
 */
export interface MeterReading {
  bar: number;
  /** The highest level of the last seconds. */
  hold: number;
  /** How long the mark has stood, in ms. */
  heldMs: number;
  /** The highest bar since the mark was set: where it goes next. */
  next: number;
}

export const METER_AT_REST: MeterReading = { bar: FLOOR_DBFS, hold: FLOOR_DBFS, heldMs: 0, next: FLOOR_DBFS };

/**
 * The next picture of the meter.
 * @param peak the loudest peak since the last picture in dBFS; null: silence, or nothing new
 * @param elapsedMs time since the last picture
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

/** Whether a level can be told on the scale; below it only "under" can be said. */
export function isOnScale(dbfs: number): boolean {
  return dbfs >= SCALE_FLOOR_DBFS;
}

export function isAtRest(reading: MeterReading): boolean {
  return reading.bar <= FLOOR_DBFS && reading.hold <= FLOOR_DBFS;
}
