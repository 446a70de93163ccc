import type { Health } from '../shared/health.ts';
import type { Log } from '../shared/log-event.ts';
import { startEventLoopDelay } from './event-loop-delay.ts';
import { createHealthNews } from './health-news.ts';
import { createVoiceMetrics, type VoiceMetrics } from './voice/metrics.ts';
import { createMetricsText } from './voice/metrics-text.ts';

export interface HealthFigures {
  /** For whoever counts. */
  readonly metrics: VoiceMetrics;
  figures(): Health;
  /** The same figures in Prometheus' text exposition format 0.0.4. */
  metricsText(): Promise<string>;
  /** Nothing is told or measured any more. Safe to call twice. */
  stop(): void;
}

/** Counts what happens to connections, and tells it in three ways: as news, when asked, and as text. */
export function startHealth(options: {
  log: Log;
  /** Something has changed; at most once a second. */
  tell(figures: Health): void;
  /** How many there are at this moment. */
  open(): { sessions: number; connections: number };
}): HealthFigures {
  const eventLoop = startEventLoopDelay();
  const news = createHealthNews(() => options.tell(metrics.health()));
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
    metricsText: text.text,
    stop() {
      news.stop();
      eventLoop.stop();
    },
  };
}
