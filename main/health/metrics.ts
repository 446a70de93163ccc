import { type Health, type Quantiles, zeroTotals } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import { type Establishment, keepNewest, quantilesOf, retryRateOf, summarise } from './health-window.ts';
import { evaluateRetryRate } from './retry-alert.ts';

/** What the voice server counts. Every method is cheap enough for its place: `frames` is called on the hot path. */
export interface VoiceMetrics {
  /** An upgrade that the guard let in. */
  attempt(): void;
  /** One that it did not, with the status. */
  refused(status: number): void;
  /**
   * A welcome came to its end.
   * @param attempts tries that were made, 1 to 3; 0 where the client left before the first
   * @param ms from the accepted upgrade until now
   */
  welcome(outcome: 'ready' | 'aborted' | 'failed', attempts: number, ms: number): void;
  /** A session was taken up again: `ms` from the loss of its connection to the next one's `ready`. */
  resumed(ms: number): void;
  /** A lost session was not taken up again in time. */
  expired(): void;
  frames(count: number): void;
  missing(frames: number): void;
  duplicates(frames: number): void;
  /** A message was not sent to a peer that does not read. */
  dropped(): void;
  /** The settle delay has changed, in ms. */
  settleDelay(ms: number): void;
}

export interface HealthOptions {
  /** Told when the retry rate is over the line, and when that has passed. */
  log?: Log;
  /** A figure has changed. Called for every frame: it must be as cheap as one. */
  onChange?: () => void;
  /** How late the event loop runs, in ms; null or absent: not known. */
  eventLoopDelay?: () => Quantiles | null;
  /** Every single time, in ms, for whoever keeps a histogram since the start. */
  times?: EstablishmentTimes;
}

export interface EstablishmentTimes {
  /** From the accepted upgrade to `ready`. */
  established(ms: number): void;
  /** From the loss of a connection to the next one's `ready`. */
  resumed(ms: number): void;
}

/** What was counted, to be read. */
export interface CountedHealth {
  /** All figures as the window shows them. */
  health(): Health;
  /** Refusals before the upgrade since the start, by HTTP status. */
  refusals(): ReadonlyMap<number, number>;
}

/** Counts in plain integers, and keeps the newest `HEALTH_WINDOW` connections and resumes: it grows no further. */
export function createVoiceMetrics(options: HealthOptions = {}): VoiceMetrics & CountedHealth {
  const { log, onChange, eventLoopDelay, times } = options;
  const connections: Establishment[] = [];
  const resumeTimes: number[] = [];
  const refusals = new Map<number, number>();
  const totals = zeroTotals();
  let settleDelayMs = 0;
  let warning = false;

  function count(name: Exclude<keyof Health['totals'], 'welcomes'>, more = 1): void {
    if (more === 0) return;
    totals[name] += more;
    onChange?.();
  }

  function judge(): void {
    const rate = retryRateOf(connections);
    const news = evaluateRetryRate(warning, rate, connections.length);
    if (news === null || rate === null) return;
    warning = news === 'warn';
    // A tenth of a percent: 9 of 89 are over the line and must not read as 10 %.
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
      judge();
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
