import type { DeviceOptions, Microphone, MicrophoneInfo } from '../renderer/capture/microphone.ts';
import type { SeededRandom } from '../testing/seeded-random.ts';
import { taggedFrame } from './tagged-audio.ts';

export interface Pace {
  /** Most frames that are given in one turn of the event loop. */
  burst: number;
  /** Most frames that may be given and not acknowledged: fewer than the 1,500 that a client keeps. */
  ahead: number;
  /** Most frames a second; default: no bound but the two above. A real microphone gives 50. */
  perSecond?: number;
}

/**
 * A microphone that hears a tagged voice as fast as the rest can take it: sixty seconds pass in less than one. It stops at
 * its gate, and where too much is not acknowledged, as a real one is stopped by the time that passes.
 */
export class FakeMicrophone implements Microphone {
  readonly ready: Promise<MicrophoneInfo> = Promise.resolve({ label: 'Tagged voice', sampleRate: 16_000 });
  /** Frames given so far: the next one's position in the voice. */
  position: number;
  #gate = 0;
  /** Position up to which the client has heard that all is held. */
  #acknowledged: number;
  #scheduled: NodeJS.Immediate | undefined;
  #paused: NodeJS.Timeout | undefined;
  /** When the next frame may be given, on the steady clock in ms. */
  #nextAt = 0;
  #stopped = false;
  #waiters: Array<{ position: number; resolve: () => void }> = [];

  /**
   * @param voice `tail`: samples of one last, shorter frame that comes when it is stopped; 0: none
   * @param inOneGo runs around each burst
   */
  constructor(
    private readonly options: DeviceOptions,
    private readonly voice: { id: number; from: number; tail: number },
    private readonly pace: Pace,
    private readonly rng: SeededRandom,
    private readonly inOneGo: (give: () => void) => void,
  ) {
    this.position = voice.from;
    this.#acknowledged = voice.from;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Lets frames through up to this position. */
  open(gate: number): void {
    this.#gate = Math.max(this.#gate, gate);
    this.#schedule();
  }

  /** The client has heard that so many frames are held. */
  acknowledge(frames: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, this.voice.from + frames);
    this.#schedule();
  }

  /** Resolves when so many frames have been given. */
  reached(position: number): Promise<void> {
    if (this.position >= position) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ position, resolve }));
  }

  /** Lets frames through up to this position, and resolves when all of them have been given. */
  async giveUpTo(gate: number): Promise<void> {
    this.open(gate);
    await this.reached(this.#gate);
  }

  stop(): Promise<void> {
    if (!this.#stopped && this.voice.tail > 0) {
      this.options.events.onFrame(taggedFrame(this.voice.id, this.position, this.voice.tail));
    }
    this.#stopped = true;
    clearImmediate(this.#scheduled);
    clearTimeout(this.#paused);
    return Promise.resolve();
  }

  get #room(): number {
    return Math.min(this.#gate, this.#acknowledged + this.pace.ahead) - this.position;
  }

  #schedule(): void {
    const waiting = this.#scheduled !== undefined || this.#paused !== undefined;
    if (waiting || this.#stopped || this.#room <= 0) return;
    const wait = this.#nextAt - performance.now();
    if (wait > 0) this.#paused = setTimeout(this.#give, wait);
    else this.#scheduled = setImmediate(this.#give);
  }

  readonly #give = (): void => {
    this.#scheduled = undefined;
    this.#paused = undefined;
    const frames = Math.min(this.rng.int(1, this.pace.burst), this.#room);
    const { perSecond } = this.pace;
    if (perSecond !== undefined) this.#nextAt = performance.now() + (frames / perSecond) * 1_000;
    this.inOneGo(() => {
      for (let i = 0; i < frames; i++) this.options.events.onFrame(taggedFrame(this.voice.id, this.position++));
    });
    const due = this.#waiters.filter(({ position }) => position <= this.position);
    this.#waiters = this.#waiters.filter(({ position }) => position > this.position);
    for (const { resolve } of due) resolve();
    this.#schedule();
  };
}
