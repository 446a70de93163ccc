import { FRAME_MS, SAMPLE_RATE } from '../../shared/audio-format.ts';

const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;

/** Joins the frames of successive devices into one turn. Time missing between two devices becomes a gap. */
export class FrameJoiner {
  readonly #onFrame: (pcm: Int16Array) => void;
  readonly #onGap: (ms: number) => void;
  readonly #now: () => number;
  /** Time (ms) of the last frame, moved forward by gaps that were reported since. */
  #lastFrameAt: number | null = null;
  /** Set when the next frame is the first one of another device: pauses up to this (ms) are not a gap. */
  #tolerance: number | null = null;

  /** @param now monotonic clock, in ms */
  constructor(onFrame: (pcm: Int16Array) => void, onGap: (ms: number) => void, now: () => number) {
    this.#onFrame = onFrame;
    this.#onGap = onGap;
    this.#now = now;
  }

  /**
   * Expects the next frame from another device.
   * @param tolerance pause (ms) between the two devices that does not count as a gap
   */
  begin(tolerance: number): void {
    this.#tolerance = tolerance;
  }

  /** The active device reported a gap (ms); a later change of device reports only the remaining time. */
  gap(ms: number): void {
    if (this.#lastFrameAt !== null) this.#lastFrameAt += ms;
  }

  /**
   * @param last no other device follows: only then may the frame be short
   * @param late the frame contains earlier sound: the partial frame of a stalled device
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
