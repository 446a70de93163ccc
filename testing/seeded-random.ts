import { seededRandom } from './stats.ts';

/**
 * A random generator that depends only on its seed, so that failures can be reproduced (mulberry32, `seededRandom`).
 */
export class SeededRandom {
  readonly #next: () => number;

  constructor(readonly seed: number) {
    this.#next = seededRandom(seed);
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#next();
  }

  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** A random item of the list, which must not be empty. */
  pick<const Item>(items: readonly Item[]): Item {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('the list is empty');
    return item;
  }

  /**
   * Returns an independent generator for part `n`. Concurrent parts need separate ones, because the order of their
   * calls varies from run to run.
   */
  fork(n: number): SeededRandom {
    // Hash twice, so that neighbouring seeds and parts get independent streams.
    return new SeededRandom(Math.floor(new SeededRandom(this.seed ^ Math.imul(n + 1, 0x9e3779b1)).next() * 2 ** 32));
  }
}
