import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Quantiles } from '../../shared/health.ts';

/** Sampling interval in ms. */
export const RESOLUTION_MS = 20;
/** Interval in ms at which the newer histogram replaces the older one. */
export const ROTATE_MS = 30_000;

/** The used part of the histogram in `perf_hooks`. Values are in nanoseconds. */
export interface DelayHistogram {
  readonly count: number;
  percentile(percentile: number): number;
  enable(): boolean;
  disable(): boolean;
  reset(): void;
}

/** How long sampling continues after a read, in ms: longer than Prometheus' default scrape interval of one minute. */
export const KEEP_SAMPLING_MS = 90_000;

export interface EventLoopDelay {
  /**
   * Delay in ms over the last 30 to 60 s, or since sampling started; null before the first sample and while not
   * sampling.
   */
  quantiles(): Quantiles | null;
  /** Call with true when the first turn starts and false when the last one ends. Samples are taken in between. */
  setActive(on: boolean): void;
  /** Call when the metrics are read. Samples are taken for `KEEP_SAMPLING_MS` from now on. */
  keepSampling(): void;
  stop(): void;
}

/**
 * Measures how late the event loop runs, only while the result is needed: each sample is a wake-up, and 50 per second
 * would be most of the CPU use of an idle Earshot. Its timers do not keep the process alive.
 *
 * Histograms can't be merged or aged, so there are two, started 30 s apart. The older one is read; every 30 s it is
 * reset and becomes the newer one. Both sample at the same time, so the second costs no extra wake-ups.
 *
 * A stall counts as one sample, however long it was. A single stall or sleep does not affect the p99 of the 1,500
 * samples taken in 30 s.
 */
export function createEventLoopDelay(
  createHistogram: () => DelayHistogram = () => monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
): EventLoopDelay {
  let older = createHistogram();
  let newer = createHistogram();
  let hasTurns = false;
  let stopped = false;
  let watchTimer: NodeJS.Timeout | undefined;
  /** Set while sampling. */
  let rotationTimer: NodeJS.Timeout | undefined;

  function rotate(): void {
    older.reset();
    [older, newer] = [newer, older];
  }

  function update(): void {
    const shouldSample = !stopped && (hasTurns || watchTimer !== undefined);
    if (shouldSample === (rotationTimer !== undefined)) return;
    if (shouldSample) {
      for (const histogram of [older, newer]) histogram.enable();
      rotationTimer = setInterval(rotate, ROTATE_MS).unref();
      return;
    }
    clearInterval(rotationTimer);
    rotationTimer = undefined;
    for (const histogram of [older, newer]) {
      histogram.disable();
      // Old samples must not appear in later results.
      histogram.reset();
    }
  }

  function endWatch(): void {
    clearTimeout(watchTimer);
    watchTimer = undefined;
    update();
  }

  // The histogram records the time between two samples; subtract the sampling interval.
  const ms = (percentile: number): number => Math.max(0, older.percentile(percentile) / 1e6 - RESOLUTION_MS);
  return {
    quantiles: () => (older.count === 0 ? null : { p50: ms(50), p95: ms(95), p99: ms(99) }),
    setActive(on) {
      hasTurns = on;
      update();
    },
    keepSampling() {
      if (stopped) return;
      clearTimeout(watchTimer);
      watchTimer = setTimeout(endWatch, KEEP_SAMPLING_MS).unref();
      update();
    },
    stop() {
      stopped = true;
      endWatch();
    },
  };
}
