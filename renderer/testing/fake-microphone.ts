import { EarshotError } from '../../shared/errors.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { DeviceOptions, Microphone, MicrophoneInfo } from '../capture/microphone.ts';

/** A microphone that fulfils the contract of `Microphone`. */
export class FakeMicrophone implements Microphone {
  readonly ready: Promise<MicrophoneInfo>;
  /** `asking`: the permission prompt is open. */
  state: 'asking' | 'live' | 'off' = 'asking';
  stops = 0;
  /** Frames delivered at stop, which the worklet still held. */
  tail: number[] = [];
  /** What the browser reports to do to the sound. */
  processing: MicrophoneInfo['processing'] = {};
  /** Duration of a flush, in ms. */
  flushMs = 3;
  #resolve: (info: MicrophoneInfo) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #stopped: Promise<void> | null = null;
  #answered: () => void = () => undefined;
  readonly #answer = new Promise<void>((resolve) => {
    this.#answered = resolve;
  });

  constructor(readonly options: DeviceOptions) {
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ready.catch(() => undefined);
  }

  /** The user allows the microphone. */
  allow(label = 'Desk microphone'): this {
    this.#answered();
    if (this.#stopped !== null) return this;
    this.state = 'live';
    this.#resolve({ label, sampleRate: 48_000, processing: this.processing });
    return this;
  }
  fail(error: unknown): this {
    this.state = 'off';
    this.#answered();
    this.#reject(error);
    return this;
  }
  frame(...samples: number[]): this {
    this.options.events.onFrame(Int16Array.from(samples));
    return this;
  }
  /** Sets the state from the next frame on. */
  setState(status: MicrophoneState['status'], label = 'Desk microphone', instead_of: string | null = null): this {
    this.options.events.onState({ label, status, instead_of });
    return this;
  }
  /** Reports a gap of `ms`. */
  gap(ms: number, why?: 'changed' | 'stalled'): this {
    this.options.events.onGap(ms, why);
    return this;
  }
  /** Delivers a frame for each number in [from, to). */
  frames(from: number, to: number): this {
    for (let n = from; n < to; n++) this.frame(n);
    return this;
  }
  unplug(): void {
    this.options.events.onEnded();
  }
  stop(): Promise<void> {
    this.stops += 1;
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }
  async #shutDown(): Promise<void> {
    if (this.state === 'live') {
      await new Promise((resolve) => setTimeout(resolve, this.flushMs));
      if (this.tail.length > 0) this.frame(...this.tail);
    } else if (this.state === 'asking') {
      await this.#answer;
      this.#reject(new EarshotError('mic_stopped', 'The microphone was stopped before it was open.'));
    }
    this.state = 'off';
  }
}
