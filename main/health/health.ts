import type { Health } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import type { ActiveTurns } from '../host/active-turns.ts';
import { createEventLoopDelay } from './event-loop-delay.ts';
import { createHealthNotifier } from './health-notifier.ts';
import { createVoiceMetrics, type VoiceMetrics } from './metrics.ts';
import { createMetricsText } from './metrics-text.ts';

export interface HealthFigures {
  /** For whoever counts. */
  readonly metrics: VoiceMetrics;
  figures(): Health;
  /** The same, for somebody who looks: the event loop is measured for a while from now. */
  watchedFigures(): Health;
  /** The same figures in Prometheus' text exposition format 0.0.4. Whoever asks is somebody who looks. */
  metricsText(): Promise<string>;
  /** Nothing is told or measured any more. Safe to call twice. */
  stop(): void;
}

/** Counts what happens to connections, and tells it in three ways: as news, when asked, and as text. */
export function startHealth(options: {
  log: Log;
  /** Something has changed; at most once a second. */
  notify(figures: Health): void;
  /** While it has turns, the event loop is measured. */
  listening: Pick<ActiveTurns, 'onChange'>;
  /** How many there are at this moment. */
  open(): { sessions: number; connections: number };
}): HealthFigures {
  const eventLoop = createEventLoopDelay();
  const unsubscribe = options.listening.onChange((turns) => eventLoop.listening(turns > 0));
  const news = createHealthNotifier(() => options.notify(metrics.health()));
  const text = createMetricsText(() => ({
    health: metrics.health(),
    refusals: metrics.refusals(),
    ...options.open(),
  }));
  const metrics = createVoiceMetrics({
    log: options.log,
    onChange: news.changed,
    eventLoopDelay: eventLoop.quantiles,
    times: text,
  });
  return {
    metrics,
    figures: metrics.health,
    watchedFigures() {
      eventLoop.watched();
      return metrics.health();
    },
    metricsText() {
      eventLoop.watched();
      return text.text();
    },
    stop() {
      unsubscribe();
      news.stop();
      eventLoop.stop();
    },
  };
}
