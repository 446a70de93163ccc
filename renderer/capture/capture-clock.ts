/**
 * Pause (ms) that counts as a stall. Quanta arrive every few ms, in batches of at most 50 ms and up to 200 ms late on a
 * busy machine. After a longer pause the process or the audio service did not run, and the audio is lost: buffers hold
 * 100 ms.
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
const WINDOW_MS = 1_000;
const WINDOW_COUNT = 10;

/** What to do with a quantum: keep it; keep it after a gap; or drop it, because it is not audio of the microphone. */
export type Placement = 'keep' | 'gap' | 'drop';

/**
 * Compares captured audio with a clock, so that a recording is as long as the time it took. Pure: the caller passes the
 * time. Jitter only ever delays audio, so the minimum lateness over a second shows how much is missing.
 */
export class CaptureClock {
  /** After `gap`: its length in ms. */
  gapMs = 0;
  readonly #rate: number;
  /** End of the audio so far, gaps included, in ms of the clock. The first quantum ends at its arrival. */
  #position = 0;
  #previous: number | null = null;
  /** Minimum lateness (ms) in the current second, and in the previous ones. */
  #minLateness = Number.POSITIVE_INFINITY;
  #earlierMinima: number[] = [];
  #windowEnds = 0;
  /** While catching up: the deadline, and the start and audio (ms) of the current pace measurement. */
  #catchUp: { until: number; since: number; ms: number } | null = null;

  /** @param rate of the quanta, in Hz */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /**
   * Places one quantum.
   * @param frames its length in samples at the rate of the clock
   * @param now in ms; if the clock is set back, all stored times move with it
   */
  place(frames: number, now: number): Placement {
    const ms = (frames * 1_000) / this.#rate;
    const elapsed = this.#elapse(now);
    if (elapsed === null) {
      this.#position = now;
      this.#windowEnds = now + WINDOW_MS;
      this.#minLateness = 0;
      return 'keep';
    }
    if (this.#catchUp === null && elapsed <= STALL_MS) return this.#follow(ms, now);
    this.#catchUp ??= { until: now + CATCH_UP_MAX_MS, since: now, ms: 0 };
    if (elapsed > STALL_MS) [this.#catchUp.since, this.#catchUp.ms] = [now, 0];
    return this.#catchUpWith(ms, now);
  }

  /**
   * Ends the stream.
   * @returns ms missing at its end
   */
  end(now: number): number {
    const elapsed = this.#elapse(now) ?? 0;
    if (this.#catchUp === null && elapsed <= STALL_MS) return 0;
    return Math.max(now - this.#position - this.#leastLateness(), 0);
  }

  /** @returns ms since the previous call; null at the first one */
  #elapse(now: number): number | null {
    const previous = this.#previous;
    this.#previous = now;
    if (previous === null) return null;
    if (now >= previous) return now - previous;
    // The clock was set back: keep the lateness and count no elapsed time.
    const setBackMs = previous - now;
    this.#position -= setBackMs;
    this.#windowEnds -= setBackMs;
    if (this.#catchUp) {
      this.#catchUp.since -= setBackMs;
      this.#catchUp.until -= setBackMs;
    }
    return 0;
  }

  #follow(ms: number, now: number): Placement {
    this.#position += ms;
    this.#minLateness = Math.min(this.#minLateness, now - this.#position);
    if (now < this.#windowEnds) return 'keep';
    const lag = this.#minLateness - Math.min(...this.#earlierMinima, this.#minLateness);
    if (lag > MAX_LAG_MS) return this.#fill(lag, now);
    this.#earlierMinima = [...this.#earlierMinima, this.#minLateness].slice(-WINDOW_COUNT);
    this.#beginWindow(now);
    return 'keep';
  }

  #catchUpWith(ms: number, now: number): Placement {
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
    return this.#fill(Math.max(now - this.#position - this.#leastLateness(), 0), now);
  }

  /** Inserts a gap that restores the lateness from before it. */
  #fill(ms: number, now: number): Placement {
    const least = this.#leastLateness();
    this.gapMs = ms;
    this.#position += ms;
    this.#earlierMinima = [least];
    this.#beginWindow(now);
    return 'gap';
  }

  #beginWindow(now: number): void {
    this.#minLateness = Number.POSITIVE_INFINITY;
    this.#windowEnds = now + WINDOW_MS;
  }

  #leastLateness(): number {
    return Math.min(...this.#earlierMinima, this.#minLateness);
  }
}
