import { z } from 'zod';

/** Number of most recent connections that the health metrics cover. */
export const HEALTH_WINDOW = 100;
/**
 * Retry rate above which a warning is active: the share of connections that needed a repeated welcome or never got
 * ready.
 */
export const RETRY_WARNING_RATE = 0.1;
/**
 * Retry rate at which an active warning ends. It is two percentage points below `RETRY_WARNING_RATE`, so with 100
 * connections three must succeed and three fail before the next warning. A rate of about 10 % then causes a warning
 * every 240 connections instead of every 80.
 */
export const RETRY_RECOVERED_RATE = 0.08;
/** Minimum number of connections for a warning. With fewer, a single failure would exceed the rate. */
export const RETRY_WARNING_MIN = 10;
/**
 * Upper bounds, in ms, of the histogram of establishment times, from the accepted upgrade to the client's `ready`.
 * A healthy connection takes about 1 ms on loopback; the first repeat of a welcome is sent at 300 ms, the last at 650
 * ms.
 */
export const ESTABLISHMENT_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000] as const;

const Count = z.int().min(0);
const Share = z.number().min(0).max(1);
const Quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

/** Health of the voice server, as the window shows it. Rates and times are null while there is no data. */
export const Health = z.object({
  /** The last `HEALTH_WINDOW` connections, without those whose client left before `ready`. */
  recent: z.object({
    connections: Count,
    /** Share of connections that became ready. */
    success_rate: Share.nullable(),
    /** Share of connections that needed a repeated welcome or never became ready. */
    retry_rate: Share.nullable(),
    /** From the accepted upgrade to `ready`, in ms. */
    establishment_ms: Quantiles.nullable(),
    /** Connections that took at most `up_to_ms` and longer than the previous bound; null: longer than all bounds. */
    histogram: z.array(z.object({ up_to_ms: z.number().nullable(), count: Count })),
  }),
  /** The retry rate exceeded `RETRY_WARNING_RATE` and has not fallen to `RETRY_RECOVERED_RATE` since. */
  warning: z.boolean(),
  /** Counters since the app started. */
  totals: z.object({
    /** Upgrades accepted by the guard. */
    attempts: Count,
    /** Upgrades refused. */
    refused: Count,
    /** Welcomes by the attempt that was answered: first, second, third. */
    welcomes: z.tuple([Count, Count, Count]),
    /** Clients that left before `ready`. */
    aborted: Count,
    /** Clients that stayed connected but never sent `ready`. */
    failed: Count,
    /** Lost connections whose session was resumed. */
    resumed: Count,
    /** Lost connections whose session expired. */
    expired: Count,
    frames: Count,
    /** Frames that never arrived. */
    missing: Count,
    /** Frames that arrived twice. */
    duplicates: Count,
    /** Messages not sent because the peer does not read. */
    dropped: Count,
  }),
  /** From a lost connection to the `ready` of the next, in ms, over the last `HEALTH_WINDOW` resumes. */
  resume_ms: Quantiles.nullable(),
  /** Current value of the adaptive settle delay, in ms; 0 while first welcomes are answered. */
  settle_delay_ms: z.number().min(0),
  /** Delay of the host's event loop over about the last minute, in ms; null while no window records or shows it. */
  event_loop_delay_ms: Quantiles.nullable(),
});
export type Health = z.infer<typeof Health>;

/** The counters of an app that has just started. */
export function zeroTotals(): Health['totals'] {
  return {
    attempts: 0,
    refused: 0,
    welcomes: [0, 0, 0],
    aborted: 0,
    failed: 0,
    resumed: 0,
    expired: 0,
    frames: 0,
    missing: 0,
    duplicates: 0,
    dropped: 0,
  };
}
