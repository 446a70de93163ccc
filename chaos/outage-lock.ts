/**
 * Keeps outages and last words apart. A window that has stopped tries five times to deliver what is left (docs/protocol.md)
 * and then gives up, as it should; an outage that is made on purpose would have to be shorter than that.
 */
export class OutageLock {
  #delivering = 0;
  #outages = 0;
  #waiting: Array<() => void> = [];

  /** Waits until no outage is under way, and holds off the next one until `work` is done. */
  async deliver<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#outages > 0) await this.#change();
    this.#delivering += 1;
    try {
      return await work();
    } finally {
      this.#delivering -= 1;
      this.#tell();
    }
  }

  /** Waits until nobody delivers, and holds off whoever wants to until `work` is done. */
  async outage<Result>(work: () => Promise<Result>): Promise<Result> {
    // First, so that windows who take turns can't put it off for ever.
    this.#outages += 1;
    try {
      while (this.#delivering > 0) await this.#change();
      return await work();
    } finally {
      this.#outages -= 1;
      this.#tell();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
