import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Quantiles } from '../../shared/health.ts';

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

/** How long (ms) one look at the figures keeps the samples coming: over a scrape of Prometheus, once a minute by default. */
export const WATCHED_FOR_MS = 90_000;

export interface EventLoopDelay {
  /** In ms, over the last 30 to 60 s, or since sampling began; null while nothing is sampled and before the first sample. */
  quantiles(): Quantiles | null;
  /** Whether somebody listens: samples are taken as long. */
  listening(on: boolean): void;
  /** Somebody looks at the figures: samples are taken for `WATCHED_FOR_MS` from now. */
  watched(): void;
  stop(): void;
}

/**
 * Measures how late the event loop runs, while there is a reason to: a sample is a wake-up, and fifty a second would be
 * most of what an idle Earshot does. Keeps no process alive.
 *
 * Histograms can't be merged or aged, so there are two, half a minute apart: the older one is read, and every 30 s it is
 * emptied and becomes the younger. Both sample at the same moments, so the second costs no wake-up of its own.
 *
 * A stall is one sample, however long it was: the quantiles tell how late the loop usually is, and a single stall, or a
 * night in which the machine slept, does not reach the p99 of the 1,500 samples of half a minute.
 */
export function createEventLoopDelay(
  createHistogram: () => DelayHistogram = () => monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
): EventLoopDelay {
  let older = createHistogram();
  let younger = createHistogram();
  let listens = false;
  let stopped = false;
  let watch: NodeJS.Timeout | undefined;
  /** Set while samples are taken. */
  let rotation: NodeJS.Timeout | undefined;

  function rotate(): void {
    older.reset();
    [older, younger] = [younger, older];
  }

  function update(): void {
    const wanted = !stopped && (listens || watch !== undefined);
    if (wanted === (rotation !== undefined)) return;
    if (wanted) {
      for (const histogram of [older, younger]) histogram.enable();
      rotation = setInterval(rotate, ROTATE_MS).unref();
      return;
    }
    clearInterval(rotation);
    rotation = undefined;
    for (const histogram of [older, younger]) {
      histogram.disable();
      // What was measured before says nothing of now.
      histogram.reset();
    }
  }

  function endWatch(): void {
    clearTimeout(watch);
    watch = undefined;
    update();
  }

  // What is recorded is the time between two samples, and so holds the resolution itself.
  const ms = (percentile: number): number => Math.max(0, older.percentile(percentile) / 1e6 - RESOLUTION_MS);
  return {
    quantiles: () => (older.count === 0 ? null : { p50: ms(50), p95: ms(95), p99: ms(99) }),
    listening(on) {
      listens = on;
      update();
    },
    watched() {
      if (stopped) return;
      clearTimeout(watch);
      watch = setTimeout(endWatch, WATCHED_FOR_MS).unref();
      update();
    },
    stop() {
      stopped = true;
      endWatch();
    },
  };
}
