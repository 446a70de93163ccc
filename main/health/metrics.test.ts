import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { HEALTH_WINDOW, Health } from '../../shared/health.ts';
import type { Log } from '../../shared/log-event.ts';
import { composeText } from '../../shared/log-line.ts';
import { createVoiceMetrics } from './metrics.ts';

/** Connections that became ready at the first attempt. */
function welcome(metrics: ReturnType<typeof createVoiceMetrics>, times: number, attempts = 1): void {
  for (let i = 0; i < times; i++) metrics.welcome('ready', attempts, 1);
}

describe('the values', () => {
  test('of a new server are all zero or null and match the schema', () => {
    const health = createVoiceMetrics().health();
    expect(Health.parse(health)).toEqual(health);
    expect(health).toMatchObject({
      recent: { connections: 0, success_rate: null },
      warning: false,
      totals: { attempts: 0, welcomes: [0, 0, 0], frames: 0 },
      resume_ms: null,
      settle_delay_ms: 0,
      event_loop_delay_ms: null,
    });
  });

  test('count every kind of event separately', () => {
    const metrics = createVoiceMetrics({ eventLoopDelay: () => ({ p50: 0.1, p95: 2, p99: 9 }) });
    for (let i = 0; i < 6; i++) metrics.attempt();
    metrics.refused(401);
    metrics.refused(503);
    metrics.refused(503);
    metrics.welcome('ready', 1, 2);
    metrics.welcome('ready', 2, 302);
    metrics.welcome('ready', 3, 652);
    metrics.welcome('aborted', 0, 5);
    metrics.welcome('failed', 3, 902);
    metrics.resumed(120);
    metrics.expired();
    metrics.frames(1);
    metrics.frames(49);
    metrics.missing(3);
    metrics.duplicates(2);
    metrics.dropped();
    metrics.settleDelay(5);
    const health = metrics.health();
    expect(Health.parse(health)).toEqual(health);
    expect(health.totals).toEqual({
      attempts: 6,
      refused: 3,
      welcomes: [1, 1, 1],
      aborted: 1,
      failed: 1,
      resumed: 1,
      expired: 1,
      frames: 50,
      missing: 3,
      duplicates: 2,
      dropped: 1,
    });
    expect([...metrics.refusals()]).toEqual([
      [401, 1],
      [503, 2],
    ]);
    expect(health).toMatchObject({
      settle_delay_ms: 5,
      resume_ms: { p50: 120, p95: 120, p99: 120 },
      event_loop_delay_ms: { p50: 0.1, p95: 2, p99: 9 },
    });
  });

  test('include a client that left in the totals but not in the window', () => {
    const metrics = createVoiceMetrics();
    welcome(metrics, 1);
    for (let i = 0; i < 50; i++) metrics.welcome('aborted', 2, 400);
    expect(metrics.health()).toMatchObject({
      recent: { connections: 1, success_rate: 1, retry_rate: 0 },
      totals: { aborted: 50 },
    });
  });

  test('cover the latest connections and resumes in the window and all in the totals', () => {
    const metrics = createVoiceMetrics();
    for (let i = 1; i <= HEALTH_WINDOW + 50; i++) {
      metrics.welcome('ready', 1, i);
      metrics.resumed(i);
    }
    const { recent, resume_ms, totals } = metrics.health();
    expect(recent.connections).toBe(HEALTH_WINDOW);
    expect(recent.establishment_ms).toEqual({ p50: 100, p95: 145, p99: 149 });
    expect(resume_ms).toEqual({ p50: 100, p95: 145, p99: 149 });
    expect(totals).toMatchObject({ welcomes: [HEALTH_WINDOW + 50, 0, 0], resumed: HEALTH_WINDOW + 50 });
  });

  test('do not change after they were returned', () => {
    const metrics = createVoiceMetrics();
    const before = metrics.health();
    const copy = structuredClone(before);
    metrics.attempt();
    metrics.welcome('ready', 2, 3);
    expect(before).toEqual(copy);
  });

  test('report every time to the histograms, except for clients that never answered', () => {
    const times = { established: vi.fn(), resumed: vi.fn() };
    const metrics = createVoiceMetrics({ times });
    metrics.welcome('ready', 1, 2);
    metrics.welcome('failed', 3, 900);
    metrics.welcome('aborted', 1, 7);
    metrics.resumed(80);
    expect(times.established.mock.calls).toEqual([[2]]);
    expect(times.resumed.mock.calls).toEqual([[80]]);
  });
});

describe('a change is reported', () => {
  test('for every value that changes, and only then', () => {
    const onChange = vi.fn();
    const metrics = createVoiceMetrics({ onChange, eventLoopDelay: () => ({ p50: Math.random(), p95: 1, p99: 1 }) });
    const changes: Record<string, () => void> = {
      attempt: () => metrics.attempt(),
      refused: () => metrics.refused(401),
      ready: () => metrics.welcome('ready', 1, 1),
      aborted: () => metrics.welcome('aborted', 0, 1),
      failed: () => metrics.welcome('failed', 3, 1),
      resumed: () => metrics.resumed(1),
      expired: () => metrics.expired(),
      frames: () => metrics.frames(1),
      missing: () => metrics.missing(1),
      duplicates: () => metrics.duplicates(1),
      dropped: () => metrics.dropped(),
      settleDelay: () => metrics.settleDelay(5),
    };
    for (const [name, change] of Object.entries(changes)) {
      onChange.mockClear();
      change();
      expect(onChange, name).toHaveBeenCalledTimes(1);
    }
    onChange.mockClear();
    metrics.frames(0);
    metrics.settleDelay(5);
    metrics.health();
    metrics.health();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the warning about retries', () => {
  test('is logged once above 10 %, is included in the values, and its recovery is logged once', () => {
    const log = vi.fn<Log>();
    const metrics = createVoiceMetrics({ log });
    welcome(metrics, 8);
    welcome(metrics, 1, 2);
    expect(log).not.toHaveBeenCalled();
    expect(metrics.health().warning).toBe(false);

    metrics.welcome('failed', 3, 900);
    expect(log.mock.calls).toEqual([['HEALTH_WARNING', { percent: 20, connections: 10 }]]);
    expect(metrics.health().warning).toBe(true);

    welcome(metrics, 5, 3);
    expect(log).toHaveBeenCalledTimes(1);

    // Seven of 87 are 8.05 %, seven of 88 are 7.95 %.
    welcome(metrics, 72);
    expect(metrics.health().warning).toBe(true);
    welcome(metrics, 1);
    expect(log.mock.calls.slice(1)).toEqual([['HEALTH_RECOVERED', { percent: 8, connections: 88 }]]);
    expect(metrics.health().warning).toBe(false);
    welcome(metrics, 100);
    expect(log).toHaveBeenCalledTimes(2);
  });

  test('shows one decimal place, so a rate just above the limit is not shown as 10 %', () => {
    const log = vi.fn<Log>();
    const metrics = createVoiceMetrics({ log });
    welcome(metrics, 80);
    welcome(metrics, 9, 2);
    expect(log.mock.calls).toEqual([['HEALTH_WARNING', { percent: 10.1, connections: 89 }]]);
    expect(composeText('HEALTH_WARNING', { percent: 10.1, connections: 89 })).toContain('10.1 % of the last 89');
  });

  test('is not caused by clients that leave', () => {
    const log = vi.fn<Log>();
    const metrics = createVoiceMetrics({ log });
    for (let i = 0; i < 500; i++) metrics.welcome('aborted', 3, 700);
    expect(log).not.toHaveBeenCalled();
  });
});

test('property: the values match the schema, and ready, failed and aborted connections add up', () => {
  const outcome = fc.constantFrom('ready' as const, 'failed' as const, 'aborted' as const);
  const ending = fc.tuple(outcome, fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 2_000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(ending, { maxLength: 250 }), (endings) => {
      const metrics = createVoiceMetrics();
      for (const [how, attempts, ms] of endings) metrics.welcome(how, attempts, ms);
      const health = metrics.health();
      expect(Health.parse(health)).toEqual(health);
      const { welcomes, failed, aborted } = health.totals;
      expect(welcomes[0] + welcomes[1] + welcomes[2] + failed + aborted).toBe(endings.length);
      const notAborted = endings.filter(([how]) => how !== 'aborted').slice(-HEALTH_WINDOW);
      expect(health.recent.connections).toBe(notAborted.length);
      const bars = health.recent.histogram.reduce((sum, { count }) => sum + count, 0);
      expect(bars).toBe(notAborted.filter(([how]) => how === 'ready').length);
    }),
  );
});
