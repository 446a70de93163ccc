import { FRAME_MS } from '../../shared/audio-format.ts';

/**
 * Interval of the check, in ms. Chunks arrive 40 to 375 times a second, silence included. Stalls are measured in ticks,
 * so a process that was suspended for an hour counts one tick.
 */
export const STALL_TICK_MS = 250;
/** Ticks without a chunk (500 to 750 ms) after which the microphone counts as stalled. */
const STALLED_AT_TICK = 3;
/** Ticks without a chunk (two minutes) after which it is given up. No device takes that long to come back. */
const GIVEN_UP_AT_TICK = 480;
/** The last part (ms) of a stall, which is reported at its end with the exact time of the capture thread. */
const MARGIN_MS = 500;

export interface StallEvents {
  /** True: no audio arrives. False: it arrives again. */
  onStall(stalled: boolean): void;
  /** `ms` are missing before the next frame or gap. */
  onGap(ms: number): void;
  /** No audio will arrive any more. Called once. */
  onGivenUp(): void;
}

/**
 * Detects an open microphone that delivers nothing: its source is suspended (a headset that is being connected), or the
 * system's audio has stopped. Reports the missing time in whole frames during the stall, and the rest of the gap at its
 * end.
 */
export class StallWatch {
  readonly #events: StallEvents;
  readonly #now: () => number;
  #ticks = 0;
  #stalled = false;
  #lastFrameAt: number;
  /** Reported part of this stall, in ms. */
  #reportedMs = 0;

  /** @param now monotonic clock, in ms */
  constructor(events: StallEvents, now: () => number = () => performance.now()) {
    this.#events = events;
    this.#now = now;
    this.#lastFrameAt = now();
  }

  /** A frame has arrived that is not the last one before a gap. Call this before the frame is delivered. */
  onFrame(): void {
    this.#ticks = 0;
    this.#lastFrameAt = this.#now();
    this.#reportedMs = 0;
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#events.onStall(false);
  }

  /** Audio arrives that is not from the microphone: there is no stall. */
  onDropped(): void {
    this.#ticks = 0;
  }

  /** The capture thread reported a gap (ms): reports the part that has not been reported yet. */
  onGap(ms: number): void {
    this.#ticks = 0;
    const left = ms - this.#reportedMs;
    this.#reportedMs = 0;
    // Don't count the same time twice if the thread reports another gap while it catches up.
    this.#lastFrameAt = this.#now();
    if (left > 0) this.#events.onGap(left);
  }

  /**
   * Must be called every `STALL_TICK_MS`.
   * @returns the number of ticks without audio
   */
  tick(): number {
    this.#ticks++;
    // Starts one tick after the stall, so that the padded partial frame comes first.
    if (this.#stalled) this.#reportSoFar();
    else if (this.#ticks === STALLED_AT_TICK) {
      this.#stalled = true;
      this.#events.onStall(true);
    }
    if (this.#ticks === GIVEN_UP_AT_TICK) this.#events.onGivenUp();
    return this.#ticks;
  }

  #reportSoFar(): void {
    const missing = this.#now() - this.#lastFrameAt - MARGIN_MS - this.#reportedMs;
    const whole = Math.floor(missing / FRAME_MS) * FRAME_MS;
    if (whole <= 0) return;
    this.#reportedMs += whole;
    this.#events.onGap(whole);
  }
}
