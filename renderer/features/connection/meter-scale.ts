import { FLOOR_DBFS } from '../../../shared/level.ts';

/** The left end of the drawn scale, in dBFS: below it a voice is not told from the room. */
export const SCALE_FLOOR_DBFS = -60;
/** Where the scale is labelled, in dBFS. */
export const SCALE_MARKS = [-60, -40, -20, -6, 0] as const;
/** A peak stays marked this long (ms) before its mark falls. */
export const HOLD_MS = 1_500;
/** How fast bar and mark fall, in dB a second; the bar rises at once, as a peak programme meter does. */
const FALL_DB_PER_S = 30;
const HOLD_FALL_DB_PER_S = 20;

/** Position on the drawn scale, 0..1, of a level in dBFS. */
export function scalePosition(dbfs: number): number {
  return Math.min(1, Math.max(0, (dbfs - SCALE_FLOOR_DBFS) / -SCALE_FLOOR_DBFS));
}

/** What the meter shows at one moment, all in dBFS. */
export interface MeterReading {
  bar: number;
  hold: number;
  /** How long the mark has stood, in ms. */
  heldMs: number;
}

export const METER_AT_REST: MeterReading = { bar: FLOOR_DBFS, hold: FLOOR_DBFS, heldMs: 0 };

/**
 * The next picture of the meter.
 * @param peak the loudest peak since the last picture in dBFS; null: silence, or nothing new
 * @param elapsedMs time since the last picture
 */
export function stepMeter(before: MeterReading, peak: number | null, elapsedMs: number): MeterReading {
  const level = Math.max(FLOOR_DBFS, peak ?? FLOOR_DBFS);
  const bar = Math.max(level, before.bar - (FALL_DB_PER_S * elapsedMs) / 1000);
  if (level >= before.hold) return { bar, hold: level, heldMs: 0 };
  const heldMs = before.heldMs + elapsedMs;
  if (heldMs <= HOLD_MS) return { bar, hold: before.hold, heldMs };
  return { bar, hold: Math.max(bar, before.hold - (HOLD_FALL_DB_PER_S * elapsedMs) / 1000), heldMs };
}

export function isAtRest(reading: MeterReading): boolean {
  return reading.bar <= FLOOR_DBFS && reading.hold <= FLOOR_DBFS;
}
