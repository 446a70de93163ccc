import { FRAME_SAMPLES } from '../../shared/audio-format.ts';

/**
 * 2^15, the factor by which browsers convert 16-bit samples to floats, so a 16 kHz device is recorded bit-exactly.
 * (32,767 would change every loud sample.) +1.0 does not fit into 16 bits and is clipped to 32,767.
 */
const FULL_SCALE = 32_768;

/**
 * Cuts a stream of 16 kHz samples into frames of exactly 320 samples (20 ms); the remainder is kept for the next call.
 */
export class Framer {
  #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  /**
   * @param samples 16 kHz mono, -1..1, any number of them
   * @param onFrame receives and owns each full frame of 320 samples
   */
  push(samples: Float32Array, onFrame: (frame: Int16Array<ArrayBuffer>) => void): void {
    for (let i = 0; i < samples.length; i++) {
      this.#frame[this.#filled++] = toPcm16(samples[i] as number);
      if (this.#filled === FRAME_SAMPLES) onFrame(this.#take());
    }
  }

  /** Delivers the remainder, 1 to 319 samples, if there is one. */
  flush(onFrame: (frame: Int16Array<ArrayBuffer>) => void): void {
    if (this.#filled > 0) onFrame(this.#take());
  }

  /**
   * Pads a partial frame with silence and delivers it, because the next samples are from a later time.
   * @returns the number of silent samples added
   */
  pad(onFrame: (frame: Int16Array<ArrayBuffer>) => void): number {
    if (this.#filled === 0) return 0;
    const silence = FRAME_SAMPLES - this.#filled;
    this.#frame.fill(0, this.#filled);
    this.#filled = FRAME_SAMPLES;
    onFrame(this.#take());
    return silence;
  }

  #take(): Int16Array<ArrayBuffer> {
    const frame = this.#filled === FRAME_SAMPLES ? this.#frame : this.#frame.slice(0, this.#filled);
    this.#frame = new Int16Array(FRAME_SAMPLES);
    this.#filled = 0;
    return frame;
  }
}

/**
 * A float sample as signed 16-bit PCM: the nearest step (a tie goes up), over-range and infinities clipped to
 * -32,768..32,767, NaN as silence.
 */
export function toPcm16(sample: number): number {
  if (Number.isNaN(sample)) return 0;
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(sample * FULL_SCALE)));
}
