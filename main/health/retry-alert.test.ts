import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEALTH_WINDOW, RETRY_RECOVERED_RATE, RETRY_WARNING_MIN, RETRY_WARNING_RATE } from '../../shared/health.ts';
import { type Establishment, keepNewest, retryRateOf } from './health-window.ts';
import { evaluateRetryRate, type RetryAlert } from './retry-alert.ts';

describe('without an active warning', () => {
  test.each<[string, number | null, number, RetryAlert]>([
    ['no connections', null, 0, null],
    ['all of nine connections', 1, 9, null],
    ['one of ten: exactly the limit', 0.1, 10, null],
    ['two of ten', 0.2, 10, 'warn'],
    ['ten of a hundred', 0.1, 100, null],
    ['eleven of a hundred', 0.11, 100, 'warn'],
  ])('%s', (_title, rate, connections, alert) => {
    expect(evaluateRetryRate(false, rate, connections)).toBe(alert);
  });
});

describe('with an active warning', () => {
  test.each<[string, number | null, number, RetryAlert]>([
    ['more than before', 0.5, 100, null],
    ['at the limit', 0.1, 100, null],
    ['nine of a hundred: just below the limit', 0.09, 100, null],
    ['eight of a hundred', 0.08, 100, 'recovered'],
    ['none', 0, 100, 'recovered'],
  ])('%s', (_title, rate, connections, alert) => {
    expect(evaluateRetryRate(true, rate, connections)).toBe(alert);
  });
});

/** The alerts in the course of these connections; `true` is one that needed a retry. */
function alertsOf(
  retried: readonly boolean[],
): { alert: Exclude<RetryAlert, null>; rate: number; connections: number }[] {
  const connections: Establishment[] = [];
  const alerts: { alert: Exclude<RetryAlert, null>; rate: number; connections: number }[] = [];
  let active = false;
  for (const retry of retried) {
    keepNewest(connections, { outcome: 'ready', attempts: retry ? 2 : 1, ms: 1 });
    const rate = retryRateOf(connections) ?? 0;
    const alert = evaluateRetryRate(active, rate, connections.length);
    if (alert === null) continue;
    active = alert === 'warn';
    alerts.push({ alert, rate, connections: connections.length });
  }
  return alerts;
}

/** Phases of connections with different shares of retries, so the rate crosses the limit repeatedly. */
const phases = fc
  .array(
    fc.integer({ min: 1, max: 80 }).chain((length) =>
      fc.nat(40).chain((percent) =>
        fc.array(
          fc.integer({ min: 1, max: 100 }).map((roll) => roll <= percent),
          { minLength: length, maxLength: length },
        ),
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat());

test('property: warnings and recoveries alternate, and each has a reason', () => {
  fc.assert(
    fc.property(phases, (retried) => {
      alertsOf(retried).forEach(({ alert, rate, connections }, i) => {
        expect(alert).toBe(i % 2 === 0 ? 'warn' : 'recovered');
        if (alert === 'warn') expect(rate).toBeGreaterThan(RETRY_WARNING_RATE);
        else expect(rate).toBeLessThanOrEqual(RETRY_RECOVERED_RATE);
        expect(connections).toBeGreaterThanOrEqual(RETRY_WARNING_MIN);
      });
    }),
    { numRuns: 200 },
  );
});

test('property: a hundred good connections always end a warning', () => {
  fc.assert(
    fc.property(phases, (retried) => {
      const alerts = alertsOf([...retried, ...Array<boolean>(HEALTH_WINDOW).fill(false)]);
      expect(alerts.length % 2).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('a rate that alternates between 10 and 11 of 100 connections causes one warning', () => {
  // In alternating phases, every tenth or every ninth connection is retried.
  const alternatingRates = Array.from({ length: 5_000 }, (_, i) =>
    Math.floor(i / 105) % 2 === 0 ? i % 10 === 0 : i % 9 === 0,
  );
  const limitCrossings = crossings(alternatingRates);
  expect(limitCrossings).toBeGreaterThan(10);
  expect(alertsOf(alternatingRates).map(({ alert }) => alert)).toEqual(['warn']);
});

/** How often the rate exceeds the limit. */
function crossings(retried: readonly boolean[]): number {
  const connections: Establishment[] = [];
  let count = 0;
  let over = false;
  for (const retry of retried) {
    keepNewest(connections, { outcome: 'ready', attempts: retry ? 2 : 1, ms: 1 });
    const now = connections.length >= RETRY_WARNING_MIN && (retryRateOf(connections) ?? 0) > RETRY_WARNING_RATE;
    if (now && !over) count += 1;
    over = now;
  }
  return count;
}
