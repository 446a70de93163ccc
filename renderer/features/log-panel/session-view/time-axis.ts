import { formatClock, formatMs } from '../../../text/format.ts';

/** A label of the axis. */
export interface Tick {
  /** ms since the start. */
  at: number;
  label: string;
}

/** Fewest ms between two ticks. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000];
const MINUTE_MS = 60_000;

/**
 * Round times for the labels of an axis, from 0.
 * @param end of the axis, in ms
 * @param most ticks
 */
export function ticksOf(end: number, most: number): Tick[] {
  const step = STEPS.find((ms) => end / ms <= most) ?? Math.ceil(end / most / MINUTE_MS) * MINUTE_MS;
  const ticks: Tick[] = [];
  for (let at = 0; at <= end && ticks.length <= most; at += step) ticks.push({ at, label: timeText(at, end) });
  return ticks;
}

/** A time since the start, in the unit of an axis that ends at `end`: `12 ms`, `1.5 s`, `2:05`. */
export function timeText(at: number, end: number): string {
  if (at === 0) return '0';
  return end >= MINUTE_MS ? formatClock(at / 1000) : formatMs(at);
}

/** A position in percent of an axis that ends at `end`. */
export function percentOf(at: number, end: number): number {
  return end <= 0 ? 0 : Math.min(Math.max((at / end) * 100, 0), 100);
}

/** Items so close on the axis that they share one sign. */
export interface Cluster<T> {
  at: number;
  /** Number of the first item, from 1. */
  first: number;
  items: T[];
}

/**
 * Joins neighbours that are less than `closer` percent of the axis apart.
 * @param items in order of time
 */
export function clustersOf<T extends { at: number }>(items: readonly T[], end: number, closer: number): Cluster<T>[] {
  const clusters: Cluster<T>[] = [];
  for (const [i, item] of items.entries()) {
    const last = clusters.at(-1);
    if (last && percentOf(item.at, end) - percentOf(last.at, end) < closer) last.items.push(item);
    else clusters.push({ at: item.at, first: i + 1, items: [item] });
  }
  return clusters;
}
