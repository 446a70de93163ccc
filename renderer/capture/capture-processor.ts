import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { CaptureClock } from './capture-clock.ts';
import { ChannelPicker } from './channel-picker.ts';
import { Framer } from './framer.ts';
import { Resampler } from './resampler.ts';

/** Name of the worklet's registered processor. */
export const CAPTURE_PROCESSOR = 'earshot-capture';

/** Messages from the capture thread to the page. Frames and gaps are in order; `flushed` follows the last one. */
export type CaptureReport =
  | { type: 'started'; sampleRate: number }
  /** `isLast`: the frame was padded with silence because no sound follows for now. */
  | { type: 'frame'; pcm: Int16Array<ArrayBuffer>; isLast: boolean }
  /** `ms` are missing before the next frame, by the wall clock. */
  | { type: 'gap'; ms: number }
  /** The wall clock was set back; gaps are not affected. Sent by the worklet only, which has no other clock. */
  | { type: 'set-back' }
  /** Audio was dropped because it is not from the microphone: the browser is catching up after a stall. */
  | { type: 'dropped' }
  | { type: 'flushed' }
  /** No audio can be read. Sent by the worker only; a failed worklet fires `processorerror`. */
  | { type: 'failed'; reason: string };
/** Options of the worklet processor. */
export interface CaptureOptions {
  /** The channel to record, from 1; 0: selected automatically. */
  channel: number;
}
/** Messages from the page to the capture thread. */
export type CaptureRequest =
  | { type: 'read'; readable: ReadableStream<AudioData>; channel: number }
  /** No audio has arrived for a while: pad and deliver the partial frame. */
  | { type: 'pad' }
  | { type: 'flush' }
  /** The capture is over. Sent to the worker only, which serves later captures too. */
  | { type: 'close' };

/** Converts the device's quanta to 20 ms frames of PCM16 at 16 kHz. Contains the logic of the capture thread. */
export class CaptureProcessor {
  #resampler: Resampler;
  readonly #framer = new Framer();
  #clock: CaptureClock;
  readonly #onFrame: (frame: Int16Array<ArrayBuffer>, isLast: boolean) => void;
  /** Samples of padding since the last sound; they count towards the next gap. */
  #padded = 0;
  readonly #onGap: (ms: number) => void;
  readonly #picker: ChannelPicker;
  readonly #emit = (frame: Int16Array<ArrayBuffer>): void => this.#onFrame(frame, false);

  /**
   * @param sampleRate of the quanta, in Hz
   * @param onFrame receives and owns each frame: 320 samples, only the last one may be shorter. `isLast`: no sound
   *   follows for now
   * @param onGap receives how many ms are missing before the next frame
   * @param channel the channel to record, from 1; 0: selected automatically
   * @throws {EarshotError} `bad_audio` if the rate is out of range
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
   * Processes one quantum: one array per channel, all of the same length. No channels means that no device feeds the
   * graph; no silence is added for it.
   * @param now in ms; the wall clock in the worklet, which has no other
   * @returns false if the quantum was dropped, because it is not audio of the microphone
   */
  process(channels: readonly Float32Array[], now: number): boolean {
    const mono = this.#picker.pick(channels);
    if (!mono || mono.length === 0) return true;
    const decision = this.#clock.addQuantum(mono.length, now);
    if (decision === 'drop') return false;
    if (decision === 'gap') this.#interrupt(this.#clock.gapMs);
    this.#framer.push(this.#resampler.process(mono), this.#emit);
    return true;
  }

  /** The device changed its rate (Hz), for example a headset that starts to play and record at the same time. */
  changeRate(sampleRate: number): void {
    this.#framer.push(this.#resampler.flush(), this.#emit);
    this.#resampler = new Resampler(sampleRate);
    this.#clock = new CaptureClock(sampleRate);
    this.#picker.changeRate(sampleRate);
  }

  /** Ends the stream: delivers the resampler's tail and the partial frame. A gap at the end is followed by a frame. */
  flush(now: number): void {
    const missing = this.#clock.end(now);
    if (missing > 0) {
      this.#interrupt(missing);
      this.#framer.push(new Float32Array(1), this.#emit);
    }
    this.#framer.push(this.#resampler.flush(), this.#emit);
    this.#framer.flush(this.#emit);
  }

  /** Reports a gap, after the audio before it has been delivered separately. */
  #interrupt(ms: number): void {
    this.pad();
    this.#onGap(Math.max(ms - (this.#padded * 1_000) / SAMPLE_RATE, 0));
    this.#padded = 0;
  }

  /** Delivers the partial frame, padded with silence, so that it precedes the gap that follows. */
  pad(): void {
    const last = (frame: Int16Array<ArrayBuffer>): void => this.#onFrame(frame, true);
    this.#framer.push(this.#resampler.flush(), last);
    this.#padded += this.#framer.pad(last);
  }
}
