import { FLOOR_DBFS } from '../../shared/level.ts';
import { CLIPPED_FROM_DBFS, QUIET_BELOW_DBFS } from './recording-level.ts';

/** The left end of the scale, in dBFS. Below it, a voice can't be distinguished from room noise. */
export const SCALE_FLOOR_DBFS = -60;
/** How long (ms) the mark stays at a peak. Then it moves to the highest level since. */
export const HOLD_MS = 1_500;
/** For this long (ms) after a peak, the falling bar does not count as a new level. */
const AFTER_PEAK_MS = 500;
/** How fast the bar falls, in dB/s. It rises at once, like a peak programme meter. */
const FALL_DB_PER_S = 30;
/** How fast the level that the word describes falls, in dB/s: it stays the same in pauses between sentences. */
const WORD_FALL_DB_PER_S = 3;
/** How long (ms) the mark of clipping is shown after the last clipped sample. */
const CLIP_MS = 3_000;

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
  /** The level that the word describes: the highest peak, falling slowly. */
  voice: number;
  /** For how much longer the mark of clipping is shown, in ms; 0: not shown. */
  clippedMs: number;
}

export const METER_AT_REST: MeterReading = {
  bar: FLOOR_DBFS,
  hold: FLOOR_DBFS,
  heldMs: 0,
  next: FLOOR_DBFS,
  voice: FLOOR_DBFS,
  clippedMs: 0,
};

/**
 * The next reading of the meter.
 * @param peak the highest peak since the last reading, in dBFS; null in silence or if there is no new level
 * @param elapsedMs time since the last reading
 */
export function stepMeter(before: MeterReading, peak: number | null, elapsedMs: number): MeterReading {
  const level = Math.max(FLOOR_DBFS, peak ?? FLOOR_DBFS);
  const bar = Math.max(level, before.bar - (FALL_DB_PER_S * elapsedMs) / 1000);
  const common = {
    bar,
    voice: Math.max(level, before.voice - (WORD_FALL_DB_PER_S * elapsedMs) / 1000, FLOOR_DBFS),
    clippedMs: level >= CLIPPED_FROM_DBFS ? CLIP_MS : Math.max(0, before.clippedMs - elapsedMs),
  };
  if (level >= before.hold) return { ...common, hold: level, heldMs: 0, next: FLOOR_DBFS };
  const heldMs = before.heldMs + elapsedMs;
  const next = heldMs > AFTER_PEAK_MS ? Math.max(before.next, bar) : bar;
  if (heldMs <= HOLD_MS) return { ...common, hold: before.hold, heldMs, next };
  return { ...common, hold: next, heldMs: 0, next: FLOOR_DBFS };
}

/** Whether a level is within the scale. */
export function isOnScale(dbfs: number): boolean {
  return dbfs >= SCALE_FLOOR_DBFS;
}

/** How loud the microphone is now, in words. */
export type NowWord = 'none' | 'very_quiet' | 'good' | 'too_loud';

/** The word below the meter. Its limits are those of a recording's level (`recording-level.ts`). */
export function wordNow(reading: MeterReading): NowWord {
  const { voice, clippedMs } = reading;
  if (clippedMs > 0) return 'too_loud';
  if (isAtRest(reading) || !isOnScale(voice)) return 'none';
  return voice < QUIET_BELOW_DBFS ? 'very_quiet' : 'good';
}

export function isAtRest(reading: MeterReading): boolean {
  return reading.bar <= FLOOR_DBFS && reading.hold <= FLOOR_DBFS && reading.clippedMs === 0;
}
