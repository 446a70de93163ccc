import type { DeviceOptions } from '../renderer/capture/microphone.ts';
import { FakeMicrophone } from '../renderer/testing/fake-microphone.ts';
import type { SeededRandom } from '../testing/seeded-random.ts';
import { taggedFrame } from './tagged-audio.ts';

export interface Pace {
  /** Maximum number of frames emitted in one turn of the event loop. */
  burst: number;
  /** Maximum number of unacknowledged frames; must be below the 1,500 that a client buffers. */
  ahead: number;
  /** Maximum number of frames a second; default: unlimited. A real microphone emits 50. */
  perSecond?: number;
}

/**
 * A microphone that emits tagged audio as fast as the server acknowledges it, sixty seconds in less than one. It pauses
 * at the position up to which frames are allowed, and while too many frames are unacknowledged.
 */
export class TaggedMicrophone extends FakeMicrophone {
  readonly #voice: { id: number; from: number; tail: number };
  readonly #pace: Pace;
  readonly #rng: SeededRandom;
  readonly #batch: (emit: () => void) => void;
  /** Position of the next frame. */
  position: number;
  #allowedUpTo = 0;
  /** Position up to which the server has acknowledged all frames. */
  #acknowledged: number;
  #scheduled: NodeJS.Immediate | undefined;
  #paused: NodeJS.Timeout | undefined;
  /** Earliest time of the next frame, on the monotonic clock in ms. */
  #nextAt = 0;
  #waiters: Array<{ position: number; resolve: () => void }> = [];

  /**
   * @param voice voice number; `tail`: number of samples in a last, shorter frame that is emitted on stop; 0: none
   * @param batch wraps the emission of each burst
   */
  constructor(
    options: DeviceOptions,
    voice: { id: number; from: number; tail: number },
    pace: Pace,
    rng: SeededRandom,
    batch: (emit: () => void) => void,
  ) {
    super(options);
    this.flushMs = 0;
    this.allow('Tagged voice');
    this.#voice = voice;
    this.#pace = pace;
    this.#rng = rng;
    this.#batch = batch;
    this.position = voice.from;
    this.#acknowledged = voice.from;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Allows frames up to this position. */
  allowUpTo(position: number): void {
    this.#allowedUpTo = Math.max(this.#allowedUpTo, position);
    this.#schedule();
  }

  /** Records that the server has acknowledged this many frames. */
  acknowledge(frames: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, this.#voice.from + frames);
    this.#schedule();
  }

  /** Resolves when all frames before this position have been emitted. */
  untilEmitted(position: number): Promise<void> {
    if (this.position >= position) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ position, resolve }));
  }

  /** Allows frames up to this position and resolves when all of them have been emitted. */
  async emitUpTo(position: number): Promise<void> {
    this.allowUpTo(position);
    await this.untilEmitted(this.#allowedUpTo);
  }

  override stop(): Promise<void> {
    if (this.stops === 0 && this.#voice.tail > 0) {
      this.options.events.onFrame(taggedFrame(this.#voice.id, this.position, this.#voice.tail));
    }
    clearImmediate(this.#scheduled);
    clearTimeout(this.#paused);
    return super.stop();
  }

  get #room(): number {
    return Math.min(this.#allowedUpTo, this.#acknowledged + this.#pace.ahead) - this.position;
  }

  #schedule(): void {
    const waiting = this.#scheduled !== undefined || this.#paused !== undefined;
    if (waiting || this.stops > 0 || this.#room <= 0) return;
    const wait = this.#nextAt - performance.now();
    if (wait > 0) this.#paused = setTimeout(this.#emit, wait);
    else this.#scheduled = setImmediate(this.#emit);
  }

  readonly #emit = (): void => {
    this.#scheduled = undefined;
    this.#paused = undefined;
    const frames = Math.min(this.#rng.int(1, this.#pace.burst), this.#room);
    const { perSecond } = this.#pace;
    if (perSecond !== undefined) this.#nextAt = performance.now() + (frames / perSecond) * 1_000;
    this.#batch(() => {
      for (let i = 0; i < frames; i++) this.options.events.onFrame(taggedFrame(this.#voice.id, this.position++));
    });
    const due = this.#waiters.filter(({ position }) => position <= this.position);
    this.#waiters = this.#waiters.filter(({ position }) => position > this.position);
    for (const { resolve } of due) resolve();
    this.#schedule();
  };
}
