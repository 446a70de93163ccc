import { ESTABLISHMENT_BOUNDS_MS, HEALTH_WINDOW, type Health, type Quantiles } from '../../shared/health.ts';

/** How one welcome ended. Clients that left before answering are not included. */
export interface Establishment {
  outcome: 'ready' | 'failed';
  /** Attempts of the welcome, 1 to 3. */
  attempts: number;
  /** From the accepted upgrade until the end of the welcome. */
  ms: number;
}

/** Appends to a list in place and drops the oldest item beyond `HEALTH_WINDOW`. */
export function keepNewest<Item>(items: Item[], item: Item): void {
  items.push(item);
  // With 100 items, `shift` is cheaper than computing the statistics.
  if (items.length > HEALTH_WINDOW) items.shift();
}

/**
 * Exact quantiles by the nearest-rank method, so each quantile is a measured value. With fewer than 100 values, p99 is
 * the largest.
 * @returns null if there are no values
 */
export function quantilesOf(values: readonly number[]): Quantiles | null {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const rank = (percent: number): number => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? last;
  return { p50: rank(50), p95: rank(95), p99: rank(99) };
}

/** A histogram with the upper bounds `ESTABLISHMENT_BOUNDS_MS` (inclusive); the last bucket has no bound. */
export function histogramOf(values: readonly number[]): Health['recent']['histogram'] {
  const buckets = [...ESTABLISHMENT_BOUNDS_MS, null].map((up_to_ms) => ({ up_to_ms, count: 0 }));
  for (const value of values) {
    const bucket = buckets.find(({ up_to_ms }) => up_to_ms === null || value <= up_to_ms);
    if (bucket) bucket.count += 1;
  }
  return buckets;
}

/** The share of connections whose welcome needed more than one attempt or failed; null if there are no connections. */
export function retryRateOf(connections: readonly Establishment[]): number | null {
  return share(connections, ({ outcome, attempts }) => outcome === 'failed' || attempts > 1);
}

/** Summarises the latest connections. */
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

function share<Item>(items: readonly Item[], matches: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(matches).length / items.length;
}
