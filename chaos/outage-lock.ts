/**
 * Prevents injected outages during final deliveries. A stopped window tries five times to deliver its remaining audio
 * and then gives up (docs/protocol.md), so an outage at that time may lose audio by design.
 */
export class OutageLock {
  #delivering = 0;
  #outages = 0;
  #waiting: Array<() => void> = [];

  /** Waits for running outages to end, then runs `work`. New outages wait until it has finished. */
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

  /** Waits for running deliveries to end, then runs `work`. New deliveries wait until it has finished. */
  async outage<Result>(work: () => Promise<Result>): Promise<Result> {
    // Count the outage before waiting, so that new deliveries cannot delay it forever.
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
