import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { CaptureClock } from './capture-clock.ts';
import { Framer } from './framer.ts';
import { Resampler } from './resampler.ts';

/** The name under which the worklet registers, and by which its node asks for it. */
export const CAPTURE_PROCESSOR = 'earshot-capture';

/** What the capture's thread tells the page: its first sound, frames and gaps in order, and after a flush that there are no more. */
export type CaptureReport =
  | { type: 'started'; sampleRate: number }
  | { type: 'frame'; pcm: Int16Array<ArrayBuffer> }
  /** So many ms are missing before the next frame, by the wall clock. */
  | { type: 'gap'; ms: number }
  /** The wall clock was set back. No gap is longer or shorter for it. Only an audio thread says so, which has no other clock. */
  | { type: 'set-back' }
  | { type: 'flushed' }
  /** No sound can be read. Only a worker says so: a page hears of an audio thread that broke. */
  | { type: 'failed'; reason: string };
/** What the page asks of the capture's thread. */
export type CaptureRequest = { type: 'read'; readable: ReadableStream<AudioData> } | { type: 'flush' };

/** From the device's quanta to 20 ms frames of PCM16 at 16 kHz: all that the capture's thread does, without the thread. */
export class CaptureProcessor {
  #resampler: Resampler;
  readonly #framer = new Framer();
  #clock: CaptureClock;
  readonly #onFrame: (frame: Int16Array<ArrayBuffer>) => void;
  readonly #onGap: (ms: number) => void;
  #mix = new Float32Array(128);

  /**
   * @param sampleRate of the quanta, in Hz
   * @param onFrame gets each frame, 320 samples, only the last one shorter; its own to keep or transfer
   * @param onGap told how many ms are missing before the next frame
   * @throws {EarshotError} `bad_audio` when the rate is out of range
   */
  constructor(
    sampleRate: number,
    onFrame: (frame: Int16Array<ArrayBuffer>) => void,
    onGap: (ms: number) => void = () => undefined,
  ) {
    this.#resampler = new Resampler(sampleRate);
    this.#clock = new CaptureClock(sampleRate);
    this.#onFrame = onFrame;
    this.#onGap = onGap;
  }

  /**
   * Takes one quantum: one array a channel, all of one length. No channel at all means that no device feeds the graph
   * (not yet, or no longer): then nothing was heard, and no silence is made up.
   * @param now ms of a clock: the wall clock on an audio thread, which has no other
   */
  process(channels: readonly Float32Array[], now: number): void {
    const mono = this.#toMono(channels);
    if (!mono || mono.length === 0) return;
    const placed = this.#clock.place(mono.length, now);
    if (placed === 'drop') return;
    if (placed === 'gap') this.#interrupt(this.#clock.gapMs);
    this.#framer.push(this.#resampler.process(mono), this.#onFrame);
  }

  /** The device goes on at another rate (Hz), as a headset does that begins to play and to record at once. */
  changeRate(sampleRate: number): void {
    this.#framer.push(this.#resampler.flush(), this.#onFrame);
    this.#resampler = new Resampler(sampleRate);
    this.#clock = new CaptureClock(sampleRate);
  }

  /** Ends the stream: the resampler's tail, then the frame that was not yet full. A gap at its end has a frame behind it. */
  flush(now: number): void {
    const missing = this.#clock.end(now);
    if (missing > 0) {
      this.#interrupt(missing);
      this.#framer.push(new Float32Array(1), this.#onFrame);
    }
    this.#framer.push(this.#resampler.flush(), this.#onFrame);
    this.#framer.flush(this.#onFrame);
  }

  /** What comes next is of a later moment: nothing of it is mixed with what came before. */
  #interrupt(ms: number): void {
    this.#framer.push(this.#resampler.flush(), this.#onFrame);
    const silence = this.#framer.pad(this.#onFrame);
    this.#onGap(Math.max(ms - (silence * 1_000) / SAMPLE_RATE, 0));
  }

  /** The average of the channels: a voice in all of them keeps its level, and nothing can clip. */
  #toMono(channels: readonly Float32Array[]): Float32Array | undefined {
    const [first] = channels;
    if (first === undefined || channels.length === 1) return first;
    if (this.#mix.length < first.length) this.#mix = new Float32Array(first.length);
    const mix = this.#mix.subarray(0, first.length);
    for (let i = 0; i < mix.length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i] ?? 0;
      mix[i] = sum / channels.length;
    }
    return mix;
  }
}
