import type { Health } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import type { ActiveTurns } from '../host/active-turns.ts';
import { createEventLoopDelay } from './event-loop-delay.ts';
import { createHealthNotifier } from './health-notifier.ts';
import { createVoiceMetrics, type VoiceMetrics } from './metrics.ts';
import { createMetricsText } from './metrics-text.ts';

export interface HealthService {
  /** Receives the events to count. */
  readonly metrics: VoiceMetrics;
  snapshot(): Health;
  /** The same, and keeps measuring the event loop for a while because the values are being viewed. */
  watchedSnapshot(): Health;
  /** The same in Prometheus' text exposition format 0.0.4. Also keeps measuring the event loop. */
  metricsText(): Promise<string>;
  /** Stops notifying and measuring. Safe to call twice. */
  stop(): void;
}

/** Counts connection events and reports them in three ways: as notifications, on request and as Prometheus text. */
export function startHealth(options: {
  log: Log;
  /** Called when a value has changed, at most once a second. */
  notify(figures: Health): void;
  /** The event loop is measured while there are active turns. */
  activeTurns: Pick<ActiveTurns, 'onChange'>;
  /** Current numbers. */
  open(): { sessions: number; connections: number };
}): HealthService {
  const eventLoop = createEventLoopDelay();
  const unsubscribe = options.activeTurns.onChange((turns) => eventLoop.setActive(turns > 0));
  const notifier = createHealthNotifier(() => options.notify(metrics.health()));
  const text = createMetricsText(() => ({
    health: metrics.health(),
    refusals: metrics.refusals(),
    ...options.open(),
  }));
  const metrics = createVoiceMetrics({
    log: options.log,
    onChange: notifier.changed,
    eventLoopDelay: eventLoop.quantiles,
    times: text,
  });
  return {
    metrics,
    snapshot: metrics.health,
    watchedSnapshot() {
      eventLoop.keepSampling();
      return metrics.health();
    },
    metricsText() {
      eventLoop.keepSampling();
      return text.text();
    },
    stop() {
      unsubscribe();
      notifier.stop();
      eventLoop.stop();
    },
  };
}
