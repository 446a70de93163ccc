import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import { ESTABLISHMENT_BOUNDS_MS, type Health } from '../../shared/health.ts';
import type { EstablishmentTimes } from './metrics.ts';

/** Upper bounds, in seconds, of the histogram of resume times: a restart takes tenths, and after 30 s nothing is resumed. */
const RESUME_BOUNDS_S = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface Figures {
  health: Health;
  /** Refusals by HTTP status. */
  refusals: ReadonlyMap<number, number>;
  /** Connected or waiting to be taken up again. */
  sessions: number;
  /** Open sockets. */
  connections: number;
}

export interface MetricsText extends EstablishmentTimes {
  /** Everything, in Prometheus' text exposition format 0.0.4. */
  text(): Promise<string>;
}

/**
 * The figures of health for Prometheus. Names and units follow its conventions: `earshot_…`, seconds, counters that end in
 * `_total` and count since the start. All but the two histograms are read only when somebody asks.
 * @param read called once for each `text()`
 */
export function createMetricsText(read: () => Figures): MetricsText {
  // Its own: the library's default registry belongs to whoever else uses the library in this process.
  const registry = new Registry();
  const registers = [registry];
  /** What the running `text()` is about: every collect function below runs in the tick of `registry.metrics()`. */
  let now: Figures;

  function counter(name: string, help: string, value: (health: Health) => number): void {
    new Counter({
      name: `earshot_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(now.health));
      },
    });
  }

  /** A gauge that has no sample while its value is not known. */
  function gauge(name: string, help: string, value: (figures: Figures) => number | null): void {
    new Gauge({
      name: `earshot_${name}`,
      help,
      registers,
      collect() {
        const known = value(now);
        if (known === null) this.remove();
        else this.set(known);
      },
    });
  }

  counter('connection_attempts', 'Upgrades that the guard let in.', ({ totals }) => totals.attempts);
  new Counter({
    name: 'earshot_connections_refused_total',
    help: 'Connections refused before the upgrade, by HTTP status.',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      for (const [status, count] of now.refusals) this.inc({ status: String(status) }, count);
    },
  });
  new Counter({
    name: 'earshot_welcomes_answered_total',
    help: 'Welcomes that the client answered, by the try that it answered.',
    labelNames: ['attempt'],
    registers,
    collect() {
      this.reset();
      now.health.totals.welcomes.forEach((count, i) => {
        this.inc({ attempt: String(i + 1) }, count);
      });
    },
  });
  counter('welcomes_aborted', 'Clients that left before they answered.', ({ totals }) => totals.aborted);
  counter('welcomes_failed', 'Clients that stayed and never answered.', ({ totals }) => totals.failed);
  counter('sessions_resumed', 'Lost connections whose session was taken up again.', ({ totals }) => totals.resumed);
  counter('sessions_expired', 'Lost sessions that were not taken up again in time.', ({ totals }) => totals.expired);
  counter('audio_frames', 'Audio frames of 20 ms that were received.', ({ totals }) => totals.frames);
  counter('audio_frames_missing', 'Audio frames that never came.', ({ totals }) => totals.missing);
  counter('audio_frames_duplicate', 'Audio frames that came again.', ({ totals }) => totals.duplicates);
  counter('messages_dropped', 'Messages not sent to peers that do not read.', ({ totals }) => totals.dropped);

  const establishment = new Histogram({
    name: 'earshot_establishment_seconds',
    help: 'From the accepted upgrade to the answered welcome.',
    buckets: ESTABLISHMENT_BOUNDS_MS.map((ms) => ms / 1000),
    registers,
  });
  const resume = new Histogram({
    name: 'earshot_resume_seconds',
    help: 'From the loss of a connection to the answered welcome of the next one.',
    buckets: RESUME_BOUNDS_S,
    registers,
  });

  gauge('sessions', 'Sessions, connected or waiting to be taken up again.', ({ sessions }) => sessions);
  gauge('connections', 'Open connections.', ({ connections }) => connections);
  gauge('settle_delay_seconds', 'What a welcome waits for.', ({ health }) => health.settle_delay_ms / 1000);
  gauge(
    'recent_success_ratio',
    'Share of the last 100 connections that became ready.',
    ({ health }) => health.recent.success_rate,
  );
  gauge(
    'recent_retry_ratio',
    'Share of the last 100 connections that needed another try of their welcome.',
    ({ health }) => health.recent.retry_rate,
  );
  gauge('retry_warning', '1 while the warning of retries stands.', ({ health }) => (health.warning ? 1 : 0));
  new Gauge({
    name: 'earshot_event_loop_delay_seconds',
    help: 'How late the event loop ran over about the last minute.',
    labelNames: ['quantile'],
    registers,
    collect() {
      this.reset();
      const delay = now.health.event_loop_delay_ms;
      if (delay === null) return;
      this.set({ quantile: '0.5' }, delay.p50 / 1000);
      this.set({ quantile: '0.95' }, delay.p95 / 1000);
      this.set({ quantile: '0.99' }, delay.p99 / 1000);
    },
  });

  return {
    text() {
      now = read();
      return registry.metrics();
    },
    established: (ms) => establishment.observe(ms / 1000),
    resumed: (ms) => resume.observe(ms / 1000),
  };
}
