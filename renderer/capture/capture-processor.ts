import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { CaptureClock } from './capture-clock.ts';
import { ChannelPicker } from './channel-picker.ts';
import { Framer } from './framer.ts';
import { Resampler } from './resampler.ts';

/** The name under which the worklet registers, and by which its node asks for it. */
export const CAPTURE_PROCESSOR = 'earshot-capture';

/** What the capture's thread tells the page: its first sound, frames and gaps in order, and after a flush that there are no more. */
export type CaptureReport =
  | { type: 'started'; sampleRate: number }
  /** `isLast`: no sound follows it for now; what is left of it is silence. */
  | { type: 'frame'; pcm: Int16Array<ArrayBuffer>; isLast: boolean }
  /** So many ms are missing before the next frame, by the wall clock. */
  | { type: 'gap'; ms: number }
  /** The wall clock was set back. No gap is longer or shorter for it. Only an audio thread says so, which has no other clock. */
  | { type: 'set-back' }
  /** Audio comes, and is left out, as it is no sound of the microphone: a machine that was held up catches up. */
  | { type: 'dropped' }
  | { type: 'flushed' }
  /** No sound can be read. Only a worker says so: a page hears of an audio thread that broke. */
  | { type: 'failed'; reason: string };
/** What a worklet is made with. */
export interface CaptureOptions {
  /** The channel that is heard, from 1; 0: the one that carries the sound. */
  channel: number;
}
/** What the page asks of the capture's thread. */
export type CaptureRequest =
  | { type: 'read'; readable: ReadableStream<AudioData>; channel: number }
  /** Nothing has come for a while: what was begun is to be handed over. */
  | { type: 'pad' }
  | { type: 'flush' }
  /** Nothing more is wanted. Only a worker is told so, which lives on. */
  | { type: 'close' };

/** From the device's quanta to 20 ms frames of PCM16 at 16 kHz: all that the capture's thread does, without the thread. */
export class CaptureProcessor {
  #resampler: Resampler;
  readonly #framer = new Framer();
  #clock: CaptureClock;
  readonly #onFrame: (frame: Int16Array<ArrayBuffer>, isLast: boolean) => void;
  /** Samples of silence that were handed over since the last sound, and are a part of the gap to come. */
  #padded = 0;
  readonly #onGap: (ms: number) => void;
  readonly #picker: ChannelPicker;
  readonly #hand = (frame: Int16Array<ArrayBuffer>): void => this.#onFrame(frame, false);

  /**
   * @param sampleRate of the quanta, in Hz
   * @param onFrame gets each frame, 320 samples, only the last one shorter; its own to keep or transfer. `isLast`: no sound
   *   follows it for now
   * @param onGap told how many ms are missing before the next frame
   * @param channel the one that is heard, from 1; 0: the one that carries the sound
   * @throws {EarshotError} `bad_audio` when the rate is out of range
   */
  constructor(
    sampleRate: number,
    onFrame: (frame: Int16Array<ArrayBuffer>, isLast: boolean) => void,
    onGap: (ms: number) => void = () => undefined,
    channel = 0,
  ) {
    this.#picker = new ChannelPicker(sampleRate, channel);
    this.#resampler = new Resampler(sampleRate);
    this.#clock = new CaptureClock(sampleRate);
    this.#onFrame = onFrame;
    this.#onGap = onGap;
  }

  /**
   * Takes one quantum: one array a channel, all of one length. No channel at all means that no device feeds the graph
   * (not yet, or no longer): then nothing was heard, and no silence is made up.
   * @param now ms of a clock: the wall clock on an audio thread, which has no other
   * @returns false: it was left out, as it is no sound of the microphone
   */
  process(channels: readonly Float32Array[], now: number): boolean {
    const mono = this.#picker.pick(channels);
    if (!mono || mono.length === 0) return true;
    const placed = this.#clock.place(mono.length, now);
    if (placed === 'drop') return false;
    if (placed === 'gap') this.#interrupt(this.#clock.gapMs);
    this.#framer.push(this.#resampler.process(mono), this.#hand);
    return true;
  }

  /** The device goes on at another rate (Hz), as a headset does that begins to play and to record at once. */
  changeRate(sampleRate: number): void {
    this.#framer.push(this.#resampler.flush(), this.#hand);
    this.#resampler = new Resampler(sampleRate);
    this.#clock = new CaptureClock(sampleRate);
    this.#picker.changeRate(sampleRate);
  }

  /** Ends the stream: the resampler's tail, then the frame that was not yet full. A gap at its end has a frame behind it. */
  flush(now: number): void {
    const missing = this.#clock.end(now);
    if (missing > 0) {
      this.#interrupt(missing);
      this.#framer.push(new Float32Array(1), this.#hand);
    }
    this.#framer.push(this.#resampler.flush(), this.#hand);
    this.#framer.flush(this.#hand);
  }

  /** What comes next is of a later moment: nothing of it is mixed with what came before. */
  #interrupt(ms: number): void {
    this.pad();
    this.#onGap(Math.max(ms - (this.#padded * 1_000) / SAMPLE_RATE, 0));
    this.#padded = 0;
  }

  /** Nothing has come for a while: hands over what was begun, so that it stands before the gap that follows. */
  pad(): void {
    const last = (frame: Int16Array<ArrayBuffer>): void => this.#onFrame(frame, true);
    this.#framer.push(this.#resampler.flush(), last);
    this.#padded += this.#framer.pad(last);
  }
}
