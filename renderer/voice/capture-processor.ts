import { Framer } from './framer.ts';
import { Resampler } from './resampler.ts';

/** The name under which the worklet registers, and by which its node asks for it. */
export const CAPTURE_PROCESSOR = 'earshot-capture';

/** What the audio thread tells the page: frames in order, then, after a flush, that there are no more. */
export type CaptureReport = { type: 'frame'; pcm: Int16Array<ArrayBuffer> } | { type: 'flushed' };
/** What the page asks of the audio thread. */
export type CaptureRequest = { type: 'flush' };

/** From the device's quanta to 20 ms frames of PCM16 at 16 kHz: all that the audio thread does, without the audio thread. */
export class CaptureProcessor {
  readonly #resampler: Resampler;
  readonly #framer = new Framer();
  readonly #onFrame: (frame: Int16Array<ArrayBuffer>) => void;
  #mix = new Float32Array(128);

  /**
   * @param sampleRate of the quanta, in Hz
   * @param onFrame gets each frame, 320 samples, only the last one shorter; its own to keep or transfer
   * @throws {EarshotError} `bad_audio` when the rate is out of range
   */
  constructor(sampleRate: number, onFrame: (frame: Int16Array<ArrayBuffer>) => void) {
    this.#resampler = new Resampler(sampleRate);
    this.#onFrame = onFrame;
  }

  /**
   * Takes one quantum: one array a channel, all of one length. No channel at all means that no device feeds the graph
   * (not yet, or no longer): then nothing was heard, and no silence is made up.
   */
  process(channels: readonly Float32Array[]): void {
    const mono = this.#toMono(channels);
    if (mono) this.#framer.push(this.#resampler.process(mono), this.#onFrame);
  }

  /** Ends the stream: the resampler's tail, then the frame that was not yet full. */
  flush(): void {
    this.#framer.push(this.#resampler.flush(), this.#onFrame);
    this.#framer.flush(this.#onFrame);
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
