import type { Unsubscribe } from '../../shared/bridge.ts';
import type { Health } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import { createEventLoopDelay } from './event-loop-delay.ts';
import { createHealthNotifier } from './health-notifier.ts';
import { createVoiceMetrics, type VoiceMetrics } from './metrics.ts';
import { createMetricsText, type MetricsSnapshot } from './metrics-text.ts';

/** Counts that others keep. */
type OpenCounts = Pick<MetricsSnapshot, 'sessions' | 'connections'>;

export interface HealthService {
  /** Receives the events to count. */
  readonly metrics: VoiceMetrics;
  snapshot(): Health;
  /** The same, and keeps measuring the event loop for a while because the values are being viewed. */
  watchedSnapshot(): Health;
  /**
   * The same and the current numbers in Prometheus' text exposition format 0.0.4. Also keeps measuring the event loop.
   */
  metricsText(open: OpenCounts): Promise<string>;
  /** Stops notifying and measuring. Safe to call twice. */
  stop(): void;
}

/** Counts connection events and reports them in three ways: as notifications, on request and as Prometheus text. */
export function startHealth(options: {
  log: Log;
  /** Called when a value has changed, at most once a second. */
  notify(figures: Health): void;
  /** The event loop is measured while there are active turns. */
  activeTurns: { onChange(listener: (turns: number) => void): Unsubscribe };
}): HealthService {
  const eventLoop = createEventLoopDelay();
  const unsubscribe = options.activeTurns.onChange((turns) => eventLoop.setActive(turns > 0));
  const notifier = createHealthNotifier(() => options.notify(metrics.health()));
  const text = createMetricsText();
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
    metricsText(open) {
      eventLoop.keepSampling();
      return text.text({ health: metrics.health(), refusals: metrics.refusals(), ...open });
    },
    stop() {
      unsubscribe();
      notifier.stop();
      eventLoop.stop();
    },
  };
}
