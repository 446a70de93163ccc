import { FRAME_MS, SAMPLE_RATE } from '../../shared/audio-format.ts';

const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;

/** Joins the frames of one device after another to the sound of one turn: what is missing between two of them is a gap. */
export class FrameJoint {
  readonly #onFrame: (pcm: Int16Array) => void;
  readonly #onGap: (ms: number) => void;
  readonly #now: () => number;
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

  /** @param last nothing comes after the device that gave this: only there a frame may be short */
  push(pcm: Int16Array, last: boolean): void {
    const now = this.#now();
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
