import { ESTABLISHMENT_BOUNDS_MS, HEALTH_WINDOW, type Health, type Quantiles } from '../../shared/health.ts';

/** How one welcome ended, for the window of the newest connections. A client that left is in none. */
export interface Establishment {
  outcome: 'ready' | 'failed';
  /** Tries of the welcome that were made, 1 to 3. */
  attempts: number;
  /** From the accepted upgrade until the welcome's end. */
  ms: number;
}

/** Adds to a list of the newest, in place; beyond `HEALTH_WINDOW` the oldest goes. */
export function keepNewest<Item>(items: Item[], item: Item): void {
  items.push(item);
  // Of 100 entries: a shift is cheaper than the sums that are made of them.
  if (items.length > HEALTH_WINDOW) items.shift();
}

/**
 * Exact quantiles by nearest rank: the smallest value that at least that share of all values does not exceed, so that
 * each one is a time that was really measured. Of fewer than 100 values p99 is the largest.
 * @returns null of no values
 */
export function quantilesOf(values: readonly number[]): Quantiles | null {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const rank = (percent: number): number => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? last;
  return { p50: rank(50), p95: rank(95), p99: rank(99) };
}

/** Counts times by `ESTABLISHMENT_BOUNDS_MS`; a time on a bound belongs below it. The last count has no bound. */
export function histogramOf(values: readonly number[]): Health['recent']['histogram'] {
  const bars = [...ESTABLISHMENT_BOUNDS_MS, null].map((up_to_ms) => ({ up_to_ms, count: 0 }));
  for (const value of values) {
    const bar = bars.find(({ up_to_ms }) => up_to_ms === null || value <= up_to_ms);
    if (bar) bar.count += 1;
  }
  return bars;
}

/** The share of connections that needed another try of their welcome, or never got one through; null of none. */
export function retryRateOf(connections: readonly Establishment[]): number | null {
  return share(connections, ({ outcome, attempts }) => outcome === 'failed' || attempts > 1);
}

/** What the newest connections were like. */
export function summarise(connections: readonly Establishment[]): Health['recent'] {
  const times = connections.filter(({ outcome }) => outcome === 'ready').map(({ ms }) => ms);
  return {
    connections: connections.length,
    success_rate: share(connections, ({ outcome }) => outcome === 'ready'),
    retry_rate: retryRateOf(connections),
    establishment_ms: quantilesOf(times),
    histogram: histogramOf(times),
  };
}

function share<Item>(items: readonly Item[], fits: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(fits).length / items.length;
}
