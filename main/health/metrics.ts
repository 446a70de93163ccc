import { type Health, type Quantiles, zeroTotals } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import { type Establishment, keepNewest, quantilesOf, retryRateOf, summarise } from './health-window.ts';
import { evaluateRetryRate } from './retry-alert.ts';

/** The events that the voice server counts. All methods are cheap: `frames` is called for every audio frame. */
export interface VoiceMetrics {
  /** An upgrade was accepted. */
  attempt(): void;
  /** An upgrade was refused with this HTTP status. */
  refused(status: number): void;
  /**
   * A welcome has ended.
   * @param attempts number of attempts, 1 to 3; 0 if the client left before the first
   * @param ms from the accepted upgrade until now
   */
  welcome(outcome: 'ready' | 'aborted' | 'failed', attempts: number, ms: number): void;
  /** A session was resumed, `ms` after the loss of its connection. */
  resumed(ms: number): void;
  /** A lost session was not resumed in time. */
  expired(): void;
  frames(count: number): void;
  missing(frames: number): void;
  duplicates(frames: number): void;
  /** A message was dropped for a slow reader. */
  dropped(): void;
  /** The settle delay has changed to `ms`. */
  settleDelay(ms: number): void;
}

export interface MetricsOptions {
  /** Receives `HEALTH_WARNING` when the retry rate is too high and `HEALTH_RECOVERED` afterwards. */
  log?: Log;
  /** Called when a value has changed. Must be cheap: it is called for every audio frame. */
  onChange?: () => void;
  /** Event loop delay in ms; null or absent if unknown. */
  eventLoopDelay?: () => Quantiles | null;
  /** Receives every time in ms, for histograms since the start. */
  times?: EstablishmentTimes;
}

export interface EstablishmentTimes {
  /** From the accepted upgrade to `ready`. */
  established(ms: number): void;
  /** From the loss of a connection to `ready` on the next one. */
  resumed(ms: number): void;
}

/** Read access to the counted values. */
export interface CountedHealth {
  /** All values, as shown in the window. */
  health(): Health;
  /** Refusals before the upgrade since the start, by HTTP status. */
  refusals(): ReadonlyMap<number, number>;
}

/** Counts in plain integers and keeps only the latest `HEALTH_WINDOW` connections and resumes, so memory is bounded. */
export function createVoiceMetrics(options: MetricsOptions = {}): VoiceMetrics & CountedHealth {
  const { log, onChange, eventLoopDelay, times } = options;
  const connections: Establishment[] = [];
  const resumeTimes: number[] = [];
  const refusals = new Map<number, number>();
  const totals = zeroTotals();
  let settleDelayMs = 0;
  let warning = false;

  function count(name: Exclude<keyof Health['totals'], 'welcomes'>, amount = 1): void {
    if (amount === 0) return;
    totals[name] += amount;
    onChange?.();
  }

  function updateWarning(): void {
    const rate = retryRateOf(connections);
    const change = evaluateRetryRate(warning, rate, connections.length);
    if (change === null || rate === null) return;
    warning = change === 'warn';
    // One decimal place: 9 of 89 exceed the limit of 10 % and must not be shown as 10 %.
    const fields = { percent: Math.round(rate * 1000) / 10, connections: connections.length };
    log?.(warning ? 'HEALTH_WARNING' : 'HEALTH_RECOVERED', fields);
  }

  return {
    attempt: () => count('attempts'),
    refused(status) {
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      count('refused');
    },
    welcome(outcome, attempts, ms) {
      if (outcome === 'aborted') return count('aborted');
      keepNewest(connections, { outcome, attempts, ms });
      if (outcome === 'ready') {
        const answered = Math.min(Math.max(attempts, 1), 3) - 1;
        totals.welcomes[answered as 0 | 1 | 2] += 1;
        times?.established(ms);
      } else {
        totals.failed += 1;
      }
      onChange?.();
      updateWarning();
    },
    resumed(ms) {
      keepNewest(resumeTimes, ms);
      times?.resumed(ms);
      count('resumed');
    },
    expired: () => count('expired'),
    frames: (frames) => count('frames', frames),
    missing: (frames) => count('missing', frames),
    duplicates: (frames) => count('duplicates', frames),
    dropped: () => count('dropped'),
    settleDelay(ms) {
      if (ms === settleDelayMs) return;
      settleDelayMs = ms;
      onChange?.();
    },

    health: () => ({
      recent: summarise(connections),
      warning,
      totals: { ...totals, welcomes: [...totals.welcomes] },
      resume_ms: quantilesOf(resumeTimes),
      settle_delay_ms: settleDelayMs,
      event_loop_delay_ms: eventLoopDelay?.() ?? null,
    }),
    refusals: () => refusals,
  };
}
