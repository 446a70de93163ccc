import type { EarshotError } from '../../../shared/errors.ts';
import { endsWithin } from '../../../shared/time-limit.ts';
import { HostError } from '../../text/host-error.ts';

/** How long (ms) a change waits for an earlier change or the repair of the same recording. */
const BUSY_WAIT_MS = 10_000;

/** Runs the changes of one recording one after the other. Changes of different recordings do not wait. */
export class IdLock {
  /** By id: resolves when the last change has ended. */
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * @param limitMs how long to wait for earlier changes. Default: 10 s
   * @throws {EarshotError} `recording_busy` after that time; otherwise what `work` throws
   */
  async run<T>(id: string, work: () => Promise<T>, limitMs = BUSY_WAIT_MS): Promise<T> {
    const before = this.#tails.get(id);
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const tail = (before ?? Promise.resolve()).then(() => ended);
    this.#tails.set(id, tail);
    void tail.then(() => {
      if (this.#tails.get(id) === tail) this.#tails.delete(id);
    });
    try {
      if (before !== undefined && !(await endsWithin(limitMs, before))) throw busy();
      return await work();
    } finally {
      end();
    }
  }
}

function busy(): EarshotError {
  return new HostError('recording_busy', (errors) => errors.recordingBusy);
}
