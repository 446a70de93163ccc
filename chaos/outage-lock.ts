/**
 * Keeps injected outages and final deliveries from overlapping. A stopped window tries five times to deliver its
 * remaining audio (docs/protocol.md) and then gives up; an outage during that time would lose audio by design.
 */
export class OutageLock {
  #delivering = 0;
  #outages = 0;
  #waiting: Array<() => void> = [];

  /** Waits until no outage is running and blocks new ones until `work` has finished. */
  async deliver<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#outages > 0) await this.#change();
    this.#delivering += 1;
    try {
      return await work();
    } finally {
      this.#delivering -= 1;
      this.#notify();
    }
  }

  /** Waits until no delivery is running and blocks new ones until `work` has finished. */
  async outage<Result>(work: () => Promise<Result>): Promise<Result> {
    // Counted before the wait: a series of deliveries must not delay the outage for ever.
    this.#outages += 1;
    try {
      while (this.#delivering > 0) await this.#change();
      return await work();
    } finally {
      this.#outages -= 1;
      this.#notify();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
