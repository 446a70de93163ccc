import type { RecordingInfo } from '../../shared/recording.ts';
import { endsWithin } from '../../shared/time-limit.ts';
import { retryDelay } from './disk-errors.ts';

/**
 * Writes the versions of a recording's JSON one after the other. Audio is written independently: a JSON that can't be
 * replaced, or a disk that does not answer, must not cost audio.
 */
export class DescriptionWriter {
  readonly #write: (info: RecordingInfo) => Promise<void>;
  /** The current write; never rejects. */
  #writing: Promise<void> | null = null;
  /** The newest version received during the current write. */
  #next: RecordingInfo | null = null;
  #failure: unknown = null;

  /** @param write replaces the JSON; calls never overlap */
  constructor(write: (info: RecordingInfo) => Promise<void>) {
    this.#write = write;
  }

  /** Whether the last write failed. */
  get isBehind(): boolean {
    return this.#failure !== null;
  }

  /**
   * Writes a version, after the current write if there is one. Of several waiting versions only the newest is written.
   */
  update(info: RecordingInfo): void {
    if (this.#writing === null) void this.#attempt(info);
    else this.#next = info;
  }

  /** Drops the waiting version. Resolves when the current write has ended; never rejects. */
  async stop(): Promise<void> {
    this.#next = null;
    await this.#writing;
  }

  /**
   * Writes the last version, with retries.
   * @param limitMs time limit for all attempts; 0: one attempt, without waiting for a disk that does not answer
   * @returns null, or the reason why the write failed
   */
  async finish(info: RecordingInfo, limitMs: number): Promise<unknown> {
    let over = limitMs === 0;
    const write = async (): Promise<void> => {
      await this.stop();
      // Even if the earlier write took longer than the limit, the last version is still written.
      await this.#attempt(info);
      for (let failures = 1; this.#failure !== null && !over; failures++) {
        await new Promise((next) => setTimeout(next, retryDelay(failures)));
        await this.#attempt(info);
      }
    };
    if (await endsWithin(limitMs, write())) return this.#failure;
    over = true;
    return this.#failure ?? new Error('the disk does not answer');
  }

  #attempt(info: RecordingInfo): Promise<void> {
    this.#writing = this.#write(info)
      .then(
        () => null,
        (error: unknown) => error,
      )
      .then((failure) => {
        this.#failure = failure;
        this.#writing = null;
        const next = this.#next;
        this.#next = null;
        if (next !== null) void this.#attempt(next);
      });
    return this.#writing;
  }
}
