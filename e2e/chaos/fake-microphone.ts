import type { Microphone, MicrophoneInfo, MicrophoneOptions } from '../../renderer/voice/microphone.ts';
import type { Dice } from '../support/dice.ts';
import { taggedFrame } from './tagged-audio.ts';

export interface Pace {
  /** Most frames that are given in one turn of the event loop. */
  burst: number;
  /** Most frames that may be given and not acknowledged: fewer than the 1,500 that a client keeps. */
  ahead: number;
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
  #stopped = false;
  #waiters: Array<{ position: number; resolve: () => void }> = [];

  /**
   * @param voice `tail`: samples of one last, shorter frame that comes when it is stopped; 0: none
   * @param inOneGo runs around each burst
   */
  constructor(
    private readonly options: MicrophoneOptions,
    private readonly voice: { id: number; from: number; tail: number },
    private readonly pace: Pace,
    private readonly dice: Dice,
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
    return Promise.resolve();
  }

  get #room(): number {
    return Math.min(this.#gate, this.#acknowledged + this.pace.ahead) - this.position;
  }

  #schedule(): void {
    if (this.#scheduled !== undefined || this.#stopped || this.#room <= 0) return;
    this.#scheduled = setImmediate(() => {
      this.#scheduled = undefined;
      const frames = Math.min(this.dice.int(1, this.pace.burst), this.#room);
      this.inOneGo(() => {
        for (let i = 0; i < frames; i++) this.options.events.onFrame(taggedFrame(this.voice.id, this.position++));
      });
      const due = this.#waiters.filter(({ position }) => position <= this.position);
      this.#waiters = this.#waiters.filter(({ position }) => position > this.position);
      for (const { resolve } of due) resolve();
      this.#schedule();
    });
  }
}
