import type { RecordingInfo } from '../../shared/recording.ts';
import { retryDelay } from './disk-errors.ts';

/**
 * Writes the JSON beside a recording, one version after the other. Its audio waits for none of them: a folder in which the
 * JSON can't be replaced, or a disk that does not answer for it, is no reason to lose what is said.
 */
export class DescriptionWriter {
  readonly #write: (info: RecordingInfo) => Promise<void>;
  /** The write under way; it never rejects. */
  #writing: Promise<void> | null = null;
  /** The newest version that came while another one was being written. */
  #next: RecordingInfo | null = null;
  #failure: unknown = null;

  /** @param write puts a version in the place of the one before; calls never overlap */
  constructor(write: (info: RecordingInfo) => Promise<void>) {
    this.#write = write;
  }

  /** The last version that was tried is not on the disk. */
  get isBehind(): boolean {
    return this.#failure !== null;
  }

  /** Begins to write a version, or keeps it until the write under way has ended. Only the newest is kept. */
  update(info: RecordingInfo): void {
    if (this.#writing === null) void this.#try(info);
    else this.#next = info;
  }

  /** Writes no further version. Resolves when none is being written; rejects never. */
  async stop(): Promise<void> {
    this.#next = null;
    await this.#writing;
  }

  /**
   * Writes the last version, and tries again what fails.
   * @param limitMs how long it may take in all; 0: one try, and no wait for a disk that does not answer
   * @returns null, or why it is not on the disk
   */
  finish(info: RecordingInfo, limitMs: number): Promise<unknown> {
    return new Promise((resolve) => {
      let over = limitMs === 0;
      const timer = setTimeout(() => {
        over = true;
        resolve(this.#failure ?? new Error('the disk does not answer'));
      }, limitMs);
      const write = async (): Promise<void> => {
        await this.stop();
        // Also where an earlier write outlasted the limit: the last version is not left out.
        await this.#try(info);
        for (let failures = 1; this.#failure !== null && !over; failures++) {
          await new Promise((next) => setTimeout(next, retryDelay(failures)));
          await this.#try(info);
        }
        clearTimeout(timer);
        resolve(this.#failure);
      };
      void write();
    });
  }

  #try(info: RecordingInfo): Promise<void> {
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
        if (next !== null) void this.#try(next);
      });
    return this.#writing;
  }
}
