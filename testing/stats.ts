/** What is said of many measurements of one thing, in their own unit. */
export interface Summary {
  n: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/**
 * The nearest-rank percentile: always one of the values that were measured, never one between two of them.
 * @param sorted ascending
 * @param percent in (0, 100]
 * @returns NaN of nothing
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN;
}

export function summarise(values: Iterable<number>): Summary {
  // A typed array sorts by number, and a hundred thousand values in a few milliseconds.
  const sorted = Float64Array.from(values).sort();
  const at = (percent: number) => percentile(sorted, percent);
  return { n: sorted.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

/** The middle value; of an even number of them the lower one in the middle. NaN of nothing. */
export function median(values: Iterable<number>): number {
  return summarise(values).p50;
}

/**
 * Numbers in [0, 1) that look random and are the same for the same seed (mulberry32, 32 bits of state): enough for the
 * order of a bench, and for nothing else.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in a random order (Fisher-Yates); the given array stays as it is. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const rest = [...items];
  const order: Item[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return order;
}
