import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Quantiles } from '../shared/health.ts';

/** How often the loop's punctuality is sampled. */
export const RESOLUTION_MS = 20;
/** How old the younger of two histograms becomes before it takes the place of the older. */
export const ROTATE_MS = 30_000;

/** As far as `perf_hooks`' histogram is used; its values are nanoseconds. */
export interface DelayHistogram {
  readonly count: number;
  percentile(percentile: number): number;
  enable(): boolean;
  disable(): boolean;
  reset(): void;
}

export interface EventLoopDelay {
  /** In ms, over the last 30 to 60 s, or since the start; null before the first sample. */
  quantiles(): Quantiles | null;
  stop(): void;
}

/**
 * Measures how late the event loop runs, until it is stopped. Keeps no process alive.
 *
 * Histograms can't be merged or aged, so there are two, half a minute apart: the older one is read, and every 30 s it is
 * emptied and becomes the younger. Both sample at the same moments, so the second costs no wake-up of its own.
 *
 * A stall is one sample, however long it was: the quantiles tell how late the loop usually is, and a single stall, or a
 * night in which the machine slept, does not reach the p99 of the 1,500 samples of half a minute.
 */
export function startEventLoopDelay(
  createHistogram: () => DelayHistogram = () => monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
): EventLoopDelay {
  let older = createHistogram();
  let younger = createHistogram();
  older.enable();
  younger.enable();
  const timer = setInterval(() => {
    older.reset();
    [older, younger] = [younger, older];
  }, ROTATE_MS);
  timer.unref();

  // What is recorded is the time between two samples, and so holds the resolution itself.
  const ms = (percentile: number): number => Math.max(0, older.percentile(percentile) / 1e6 - RESOLUTION_MS);
  return {
    quantiles: () => (older.count === 0 ? null : { p50: ms(50), p95: ms(95), p99: ms(99) }),
    stop() {
      clearInterval(timer);
      older.disable();
      younger.disable();
    },
  };
}
