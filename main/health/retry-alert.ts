import { RETRY_RECOVERED_RATE, RETRY_WARNING_MIN, RETRY_WARNING_RATE } from '../../shared/health.ts';

/** A change of the warning about the retry rate; null if nothing has changed. */
export type RetryAlert = 'warn' | 'recovered' | null;

/**
 * Decides whether to warn about the retry rate: once when it exceeds 10 % of at least 10 connections, and once when it
 * has recovered.
 * @param active whether a warning is active: true after `warn`, false after `recovered`
 * @param rate share of the connections that needed a retry, 0 to 1; null if there are none
 */
export function evaluateRetryRate(active: boolean, rate: number | null, connections: number): RetryAlert {
  if (rate === null || connections < RETRY_WARNING_MIN) return null;
  if (active) return rate <= RETRY_RECOVERED_RATE ? 'recovered' : null;
  return rate > RETRY_WARNING_RATE ? 'warn' : null;
}
