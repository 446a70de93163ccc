import { RETRY_RECOVERED_RATE, RETRY_WARNING_MIN, RETRY_WARNING_RATE } from '../../shared/health.ts';

/** What is to be said about the retry rate now; null: nothing new. */
export type RetryAlert = 'warn' | 'recovered' | null;

/**
 * Whether the retry rate has become news: above 10 % of at least 10 connections once, and once more when it has passed.
 * @param standing whether a warning stands; after `warn` it does, after `recovered` it does not
 * @param rate share of the connections that needed another try, 0 to 1; null where there are none
 */
export function evaluateRetryRate(standing: boolean, rate: number | null, connections: number): RetryAlert {
  if (rate === null || connections < RETRY_WARNING_MIN) return null;
  if (standing) return rate <= RETRY_RECOVERED_RATE ? 'recovered' : null;
  return rate > RETRY_WARNING_RATE ? 'warn' : null;
}
