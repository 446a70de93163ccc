/**
 * Quanta come every few ms, in batches of 50 ms at most, and on a busy machine up to 200 ms late. After a longer pause (ms)
 * the process or the audio service did not run, and what the microphone heard meanwhile is gone: its buffers hold 100 ms.
 */
const STALL_MS = 250;
/**
 * After a pause the browser catches up: it renders up to 6 s of audio within a moment, most of it silence that nobody
 * recorded. It has caught up once so many ms of the clock have brought no more than 1.5 times as much audio.
 */
const PACE_MS = 100;
const PACE_LIMIT = 1.5;
/** Catching up takes some 300 ms; after this long (ms) the audio is taken as it comes. */
const CATCH_UP_MAX_MS = 3_000;
/** Audio that falls behind the clock without a pause: so much (ms) in ten seconds is lost. Clocks drift 5 ms at most. */
const LEAK_MS = 200;
const WINDOW_MS = 1_000;
const WINDOWS = 10;

/** What becomes of a quantum: it is kept; kept, with a gap before it; or left out, as it is no sound of the microphone. */
export type Placed = 'keep' | 'gap' | 'drop';

/**
 * Compares captured audio with a clock, so that a recording is as long as the time that it took. Pure: the caller tells
 * the time. Jitter makes audio late and never early: how late it is at best, over a second, tells what is missing.
 */
export class CaptureClock {
  /** After `gap`: its length in ms. */
  gapMs = 0;
  readonly #rate: number;
  /** The audio so far, gaps included, as a time (ms) of the clock: the first quantum ended when it came. */
  #position = 0;
  #previous: number | null = null;
  /** Least lateness (ms) in the running second, and in those before it. */
  #least = Number.POSITIVE_INFINITY;
  #leastBefore: number[] = [];
  #windowEnds = 0;
  /** While it catches up: since when, and how much audio came in the running measure of its pace. */
  #catchUp: { until: number; since: number; ms: number } | null = null;

  /** @param rate of the quanta, in Hz */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /**
   * Places one quantum.
   * @param frames its length in samples at the rate of the clock
   * @param now in ms; one that is set back moves everything with it
   */
  place(frames: number, now: number): Placed {
    const ms = (frames * 1_000) / this.#rate;
    const passed = this.#pass(now);
    if (passed === null) {
      this.#position = now;
      this.#windowEnds = now + WINDOW_MS;
      this.#least = 0;
      return 'keep';
    }
    if (this.#catchUp === null && passed <= STALL_MS) return this.#follow(ms, now);
    this.#catchUp ??= { until: now + CATCH_UP_MAX_MS, since: now, ms: 0 };
    if (passed > STALL_MS) [this.#catchUp.since, this.#catchUp.ms] = [now, 0];
    return this.#catchUpWith(ms, now);
  }

  /**
   * The stream ends.
   * @returns ms that are missing at its end
   */
  end(now: number): number {
    const passed = this.#pass(now) ?? 0;
    if (this.#catchUp === null && passed <= STALL_MS) return 0;
    return Math.max(now - this.#position - this.#leastLate(), 0);
  }

  /** @returns ms since the last time; null: there was none */
  #pass(now: number): number | null {
    const previous = this.#previous;
    this.#previous = now;
    if (previous === null) return null;
    if (now >= previous) return now - previous;
    // The clock was set back: it is as late as it was, and nothing has passed.
    const back = previous - now;
    this.#position -= back;
    this.#windowEnds -= back;
    if (this.#catchUp) {
      this.#catchUp.since -= back;
      this.#catchUp.until -= back;
    }
    return 0;
  }

  #follow(ms: number, now: number): Placed {
    this.#position += ms;
    this.#least = Math.min(this.#least, now - this.#position);
    if (now < this.#windowEnds) return 'keep';
    const behind = this.#least - Math.min(...this.#leastBefore, this.#least);
    if (behind > LEAK_MS) return this.#fill(behind, now);
    this.#leastBefore = [...this.#leastBefore, this.#least].slice(-WINDOWS);
    this.#beginWindow(now);
    return 'keep';
  }

  #catchUpWith(ms: number, now: number): Placed {
    const { until, since } = this.#catchUp ?? { until: now, since: now };
    if (now - since < PACE_MS) {
      if (this.#catchUp) this.#catchUp.ms += ms;
      return 'drop';
    }
    if ((this.#catchUp?.ms ?? 0) > (now - since) * PACE_LIMIT && now < until) {
      this.#catchUp = { until, since: now, ms };
      return 'drop';
    }
    this.#catchUp = null;
    this.#position += ms;
    return this.#fill(Math.max(now - this.#position - this.#leastLate(), 0), now);
  }

  /** Closes a gap: the audio is as late as it was before it. */
  #fill(ms: number, now: number): Placed {
    const least = this.#leastLate();
    this.gapMs = ms;
    this.#position += ms;
    this.#leastBefore = [least];
    this.#beginWindow(now);
    return 'gap';
  }

  #beginWindow(now: number): void {
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowEnds = now + WINDOW_MS;
  }

  #leastLate(): number {
    return Math.min(...this.#leastBefore, this.#least);
  }
}
