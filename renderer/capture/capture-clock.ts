/**
 * A pause (ms) this long is a stall. Quanta arrive every few ms, in batches of at most 50 ms, and up to 200 ms late on a
 * busy machine. After a longer pause the process or the audio service did not run. Its audio is lost, because the
 * buffers hold 100 ms.
 */
const STALL_MS = 250;
/**
 * After a stall the browser catches up: it renders up to 6 s of audio at once, most of it silence that was never
 * recorded. It has caught up when `PACE_MS` of time yield at most `PACE_LIMIT` times as much audio.
 */
const PACE_MS = 100;
const PACE_LIMIT = 1.5;
/** Maximum duration (ms) of catching up, which normally takes about 300 ms. After it all audio is accepted. */
const CATCH_UP_MAX_MS = 3_000;
/** Lag (ms) within ten seconds that counts as lost audio, without a stall. Clock drift is at most 5 ms in that time. */
const MAX_LAG_MS = 200;
/** The minimum lateness is measured for each second, and compared over the last `WINDOW_COUNT` of them. */
const WINDOW_MS = 1_000;
const WINDOW_COUNT = 10;

/**
 * What to do with a quantum. `keep`: record it. `gap`: record a gap of `gapMs` first, then the quantum. `drop`: leave it
 * out, because the microphone did not capture it.
 */
export type QuantumDecision = 'keep' | 'gap' | 'drop';

/**
 * Compares captured audio with a clock, so that a recording is as long as the time it took. Pure: the caller passes the
 * time. Lateness is how far the end of the audio is behind the clock. Jitter only ever delays audio, so a rise of the
 * minimum lateness over a second shows how much audio is missing.
 */
export class CaptureClock {
  /** Length of the gap in ms, after `addQuantum` has returned `gap`. */
  gapMs = 0;
  readonly #rate: number;
  /** End of the audio so far, gaps included, in ms of the clock. The first quantum ends at its arrival. */
  #audioEnd = 0;
  #previousCall: number | null = null;
  /** Minimum lateness (ms) in the current second, and in each of the previous ones. */
  #minLateness = Number.POSITIVE_INFINITY;
  #earlierMinima: number[] = [];
  /** When the current second ends, in ms of the clock. */
  #windowEnd = 0;
  /** While catching up: the deadline, and the start and audio (ms) of the current pace measurement. */
  #catchUp: { until: number; since: number; ms: number } | null = null;

  /** @param rate of the quanta, in Hz */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /**
   * Adds one quantum and decides what to do with it.
   * @param frames its length in samples at the rate of the clock
   * @param now in ms; if the clock is set back, all stored times move with it
   */
  addQuantum(frames: number, now: number): QuantumDecision {
    const ms = (frames * 1_000) / this.#rate;
    const elapsed = this.#advanceTo(now);
    if (elapsed === null) {
      this.#audioEnd = now;
      this.#windowEnd = now + WINDOW_MS;
      this.#minLateness = 0;
      return 'keep';
    }
    if (this.#catchUp === null && elapsed <= STALL_MS) return this.#keepOrFillLag(ms, now);
    this.#catchUp ??= { until: now + CATCH_UP_MAX_MS, since: now, ms: 0 };
    if (elapsed > STALL_MS) [this.#catchUp.since, this.#catchUp.ms] = [now, 0];
    return this.#dropUntilCaughtUp(ms, now);
  }

  /**
   * Ends the stream.
   * @returns ms missing at its end
   */
  end(now: number): number {
    const elapsed = this.#advanceTo(now) ?? 0;
    if (this.#catchUp === null && elapsed <= STALL_MS) return 0;
    return Math.max(now - this.#audioEnd - this.#lowestLateness(), 0);
  }

  /** @returns ms since the previous call; null at the first one */
  #advanceTo(now: number): number | null {
    const previous = this.#previousCall;
    this.#previousCall = now;
    if (previous === null) return null;
    if (now >= previous) return now - previous;
    // The clock was set back: keep the lateness and count no elapsed time.
    const setBackMs = previous - now;
    this.#audioEnd -= setBackMs;
    this.#windowEnd -= setBackMs;
    if (this.#catchUp) {
      this.#catchUp.since -= setBackMs;
      this.#catchUp.until -= setBackMs;
    }
    return 0;
  }

  /** Keeps the quantum. If audio has fallen behind the clock without a stall, a gap comes before it. */
  #keepOrFillLag(ms: number, now: number): QuantumDecision {
    this.#audioEnd += ms;
    this.#minLateness = Math.min(this.#minLateness, now - this.#audioEnd);
    if (now < this.#windowEnd) return 'keep';
    const lag = this.#minLateness - Math.min(...this.#earlierMinima, this.#minLateness);
    if (lag > MAX_LAG_MS) return this.#insertGap(lag, now);
    this.#earlierMinima = [...this.#earlierMinima, this.#minLateness].slice(-WINDOW_COUNT);
    this.#beginWindow(now);
    return 'keep';
  }

  /** Drops quanta until the audio arrives at the pace of the clock, then ends the stall with a gap. */
  #dropUntilCaughtUp(ms: number, now: number): QuantumDecision {
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
    this.#audioEnd += ms;
    return this.#insertGap(Math.max(now - this.#audioEnd - this.#lowestLateness(), 0), now);
  }

  /** Inserts a gap that brings the lateness back to what it was before the loss. */
  #insertGap(ms: number, now: number): QuantumDecision {
    const lowestLateness = this.#lowestLateness();
    this.gapMs = ms;
    this.#audioEnd += ms;
    this.#earlierMinima = [lowestLateness];
    this.#beginWindow(now);
    return 'gap';
  }

  #beginWindow(now: number): void {
    this.#minLateness = Number.POSITIVE_INFINITY;
    this.#windowEnd = now + WINDOW_MS;
  }

  /** The lowest lateness of the current second and the previous ones, in ms. */
  #lowestLateness(): number {
    return Math.min(...this.#earlierMinima, this.#minLateness);
  }
}
