/** Pause (ms) between two batches of `MAX_PARALLEL_READS` files. A batch takes about 6 ms of the main thread. */
const PAUSE_MS = 20;

/**
 * Pauses between the batches of work that nobody waits for, so that checking thousands of files does not slow down the
 * start of the window. As soon as somebody waits for its end, there are no more pauses.
 */
export class WorkPace {
  #hurried = false;
  /** Ends the pause in progress. */
  #endPause: (() => void) | null = null;

  /** Call it between two batches. */
  pause(): Promise<void> {
    if (this.#hurried) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** From now on there are no pauses. */
  hurry(): void {
    this.#hurried = true;
    this.#endPause?.();
  }
}
