import { FRAME_SAMPLES } from '../../shared/audio-format.ts';

/**
 * 2^15, the scale by which browsers turn a device's 16-bit samples into floats: a device at 16 kHz comes out bit by bit
 * as it went in. (32,767 would change every loud sample.) +1.0 itself has no place in 16 bits and clips to 32,767.
 */
const FULL_SCALE = 32_768;

/** Cuts a stream of 16 kHz samples into frames of exactly 320 (20 ms), carrying what is left to the next call. */
export class Framer {
  #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  /**
   * @param samples 16 kHz mono, -1..1, any number of them
   * @param onFrame gets each frame that became full: 320 samples, its own to keep or transfer
   */
  push(samples: Float32Array, onFrame: (frame: Int16Array<ArrayBuffer>) => void): void {
    for (let i = 0; i < samples.length; i++) {
      this.#frame[this.#filled++] = toPcm16(samples[i] as number);
      if (this.#filled === FRAME_SAMPLES) onFrame(this.#take());
    }
  }

  /** Hands over what is left, 1 to 319 samples; nothing when the stream ended with a full frame. */
  flush(onFrame: (frame: Int16Array<ArrayBuffer>) => void): void {
    if (this.#filled > 0) onFrame(this.#take());
  }

  /**
   * Ends a frame that was begun with silence: what comes next is of another moment.
   * @returns how many samples of silence that took
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
function toPcm16(sample: number): number {
  if (Number.isNaN(sample)) return 0;
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(sample * FULL_SCALE)));
}
