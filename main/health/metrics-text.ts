import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import { ESTABLISHMENT_BOUNDS_MS, type Health } from '../../shared/health.ts';
import type { EstablishmentTimes } from './metrics.ts';

/** Upper bounds, in seconds, of the histogram of resume times. A restart takes tenths; sessions expire after 30 s. */
const RESUME_BOUNDS_S = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsSnapshot {
  health: Health;
  /** Refusals by HTTP status. */
  refusals: ReadonlyMap<number, number>;
  /** Connected or waiting to be resumed. */
  sessions: number;
  /** Open sockets. */
  connections: number;
}

export interface MetricsText extends EstablishmentTimes {
  /** All metrics in Prometheus' text exposition format 0.0.4. */
  text(snapshot: MetricsSnapshot): Promise<string>;
}

/**
 * Health metrics for Prometheus. Names and units follow its conventions: `earshot_…`, seconds, and counters that end in
 * `_total` and count since the start. The two histograms are counted here; all else is passed in on request.
 */
export function createMetricsText(): MetricsText {
  // The library's default registry is global to the process, so create a separate one.
  const registry = new Registry();
  const registers = [registry];
  /** The values for the current `text()`. All `collect` functions run synchronously in `registry.metrics()`. */
  let current: MetricsSnapshot;

  function counter(name: string, help: string, value: (health: Health) => number): void {
    new Counter({
      name: `earshot_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(current.health));
      },
    });
  }

  /** A gauge without a sample while its value is unknown. */
  function gauge(name: string, help: string, value: (figures: MetricsSnapshot) => number | null): void {
    new Gauge({
      name: `earshot_${name}`,
      help,
      registers,
      collect() {
        const currentValue = value(current);
        if (currentValue === null) this.remove();
        else this.set(currentValue);
      },
    });
  }

  counter('connection_attempts', 'Accepted upgrades.', ({ totals }) => totals.attempts);
  new Counter({
    name: 'earshot_connections_refused_total',
    help: 'Connections refused before the upgrade, by HTTP status.',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      for (const [status, count] of current.refusals) this.inc({ status: String(status) }, count);
    },
  });
  new Counter({
    name: 'earshot_welcomes_answered_total',
    help: 'Welcomes answered by the client, by attempt.',
    labelNames: ['attempt'],
    registers,
    collect() {
      this.reset();
      current.health.totals.welcomes.forEach((count, i) => {
        this.inc({ attempt: String(i + 1) }, count);
      });
    },
  });
  counter('welcomes_aborted', 'Clients that left before answering the welcome.', ({ totals }) => totals.aborted);
  counter(
    'welcomes_failed',
    'Clients that stayed connected but never answered the welcome.',
    ({ totals }) => totals.failed,
  );
  counter('sessions_resumed', 'Lost sessions that were resumed.', ({ totals }) => totals.resumed);
  counter('sessions_expired', 'Lost sessions that were not resumed in time.', ({ totals }) => totals.expired);
  counter('audio_frames', 'Audio frames of 20 ms received.', ({ totals }) => totals.frames);
  counter('audio_frames_missing', 'Audio frames that did not arrive.', ({ totals }) => totals.missing);
  counter('audio_frames_duplicate', 'Duplicate audio frames, which are dropped.', ({ totals }) => totals.duplicates);
  counter('messages_dropped', 'Messages dropped for slow readers.', ({ totals }) => totals.dropped);

  const establishment = new Histogram({
    name: 'earshot_establishment_seconds',
    help: 'Time from the accepted upgrade to the answered welcome.',
    buckets: ESTABLISHMENT_BOUNDS_MS.map((ms) => ms / 1000),
    registers,
  });
  const resume = new Histogram({
    name: 'earshot_resume_seconds',
    help: 'Time from the loss of a connection to the answered welcome of the next one.',
    buckets: RESUME_BOUNDS_S,
    registers,
  });

  gauge('sessions', 'Sessions, connected or waiting to be resumed.', ({ sessions }) => sessions);
  gauge('connections', 'Open connections.', ({ connections }) => connections);
  gauge('settle_delay_seconds', 'Pause before a welcome is sent.', ({ health }) => health.settle_delay_ms / 1000);
  gauge(
    'recent_success_ratio',
    'Share of the last 100 connections that became ready.',
    ({ health }) => health.recent.success_rate,
  );
  gauge(
    'recent_retry_ratio',
    'Share of the last 100 connections whose welcome needed a retry.',
    ({ health }) => health.recent.retry_rate,
  );
  gauge('retry_warning', '1 while the warning about retries is active.', ({ health }) => (health.warning ? 1 : 0));
  new Gauge({
    name: 'earshot_event_loop_delay_seconds',
    help: 'Event loop delay over about the last minute.',
    labelNames: ['quantile'],
    registers,
    collect() {
      this.reset();
      const delay = current.health.event_loop_delay_ms;
      if (delay === null) return;
      this.set({ quantile: '0.5' }, delay.p50 / 1000);
      this.set({ quantile: '0.95' }, delay.p95 / 1000);
      this.set({ quantile: '0.99' }, delay.p99 / 1000);
    },
  });

  return {
    text(snapshot) {
      current = snapshot;
      return registry.metrics();
    },
    established: (ms) => establishment.observe(ms / 1000),
    resumed: (ms) => resume.observe(ms / 1000),
  };
}
