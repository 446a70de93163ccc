import { FRAME_MS, SAMPLE_RATE } from '../../shared/audio-format.ts';

const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;

/** Joins the frames of one device after another to the sound of one turn: what is missing between two of them is a gap. */
export class FrameJoint {
  readonly #onFrame: (pcm: Int16Array) => void;
  readonly #onGap: (ms: number) => void;
  readonly #now: () => number;
  /** Until when (ms) frames and gaps reach. */
  #lastFrameAt: number | null = null;
  /** The next frame is the first one of another device: a pause (ms) up to this before it is none. */
  #tolerance: number | null = null;

  /** @param now ms of a clock that never goes back */
  constructor(onFrame: (pcm: Int16Array) => void, onGap: (ms: number) => void, now: () => number) {
    this.#onFrame = onFrame;
    this.#onGap = onGap;
    this.#now = now;
  }

  /** The next frame is of another device. @param tolerance up to how many ms without a frame between the two are no gap */
  begin(tolerance: number): void {
    this.#tolerance = tolerance;
  }

  /** A gap (ms) of the device that is heard was told before its next frame: a change of the device tells only what is left. */
  gap(ms: number): void {
    if (this.#lastFrameAt !== null) this.#lastFrameAt += ms;
  }

  /**
   * @param last nothing comes after the device that gave this: only there a frame may be short
   * @param late its sound is of earlier: what a device that has stalled had begun
   */
  push(pcm: Int16Array, last: boolean, late = false): void {
    const now = late && this.#lastFrameAt !== null ? this.#lastFrameAt + FRAME_MS : this.#now();
    if (this.#tolerance !== null && this.#lastFrameAt !== null) {
      const missing = now - this.#lastFrameAt - FRAME_MS;
      if (missing > this.#tolerance) this.#onGap(missing);
    }
    this.#tolerance = null;
    this.#lastFrameAt = now;
    this.#onFrame(last || pcm.length === FRAME_SAMPLES ? pcm : padded(pcm));
  }
}

function padded(pcm: Int16Array): Int16Array {
  const full = new Int16Array(FRAME_SAMPLES);
  full.set(pcm);
  return full;
}
