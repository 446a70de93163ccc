import { FRAME_MS } from '../../shared/audio-format.ts';

/**
 * Pieces come 40 to 375 times a second, silence included. Ticks are counted, not time: a process that stood still for an hour
 * goes on with one.
 */
export const STALL_TICK_MS = 250;
/** At this tick without a piece (500 to 750 ms) the microphone delivers nothing, */
const STALLED_AT_TICK = 3;
/** and at this one (two minutes) nothing will come any more: no device that comes back takes so long. */
const CRASH_AT_TICK = 480;
/** So much (ms) of a stall is told when it is over, by the clock of the capture's thread, which knows it exactly. */
const MARGIN_MS = 500;

export interface StallEvents {
  /** Nothing comes (true), or sound comes again. */
  onStall(stalled: boolean): void;
  /** So many ms are missing before the next frame, or before the next gap. */
  onGap(ms: number): void;
  /** Nothing comes, and nothing will. Told once. */
  onCrash(): void;
}

/**
 * Notices that an open microphone delivers nothing: its source is suspended, as a headset that is being connected, or the
 * system's audio stands still. The time goes on: what is missing is told while it lasts, in whole frames, and the rest of the
 * gap when its length is known.
 */
export class StallWatch {
  readonly #events: StallEvents;
  readonly #now: () => number;
  #ticks = 0;
  #stalled = false;
  #lastHeard: number;
  /** ms of this stall that were told. */
  #told = 0;

  /** @param now ms of a steady clock */
  constructor(events: StallEvents, now: () => number = () => performance.now()) {
    this.#events = events;
    this.#now = now;
    this.#lastHeard = now();
  }

  /** A frame has come, and is not the last one before a gap. Call it before the frame is handed on. */
  heard(): void {
    this.#ticks = 0;
    this.#lastHeard = this.#now();
    this.#told = 0;
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#events.onStall(false);
  }

  /** Audio comes, though it is no sound of the microphone: nothing is stalled. */
  alive(): void {
    this.#ticks = 0;
  }

  /** A gap of this length (ms) was told by the capture's thread: what is left of it is handed on. */
  gap(ms: number): void {
    this.#ticks = 0;
    const left = ms - this.#told;
    this.#told = 0;
    // What is told again while the thread catches up must not count twice.
    this.#lastHeard = this.#now();
    if (left > 0) this.#events.onGap(left);
  }

  /** Called every `STALL_TICK_MS`. @returns for how many ticks nothing has come */
  tick(): number {
    this.#ticks++;
    // From the next tick on, so that the end of what was heard has come before.
    if (this.#stalled) this.#tellSoFar();
    else if (this.#ticks === STALLED_AT_TICK) {
      this.#stalled = true;
      this.#events.onStall(true);
    }
    if (this.#ticks === CRASH_AT_TICK) this.#events.onCrash();
    return this.#ticks;
  }

  #tellSoFar(): void {
    const missing = this.#now() - this.#lastHeard - MARGIN_MS - this.#told;
    const whole = Math.floor(missing / FRAME_MS) * FRAME_MS;
    if (whole <= 0) return;
    this.#told += whole;
    this.#events.onGap(whole);
  }
}
