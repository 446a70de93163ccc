import { z } from 'zod';

/** The figures of health are about this many connections, the newest ones. */
export const HEALTH_WINDOW = 100;
/** A warning stands while more of them than this share needed another try of their welcome, or never got one through. */
export const RETRY_WARNING_RATE = 0.1;
/**
 * A warning that stands has passed when the share has come down to this one. Two points lower than the line: with 100
 * connections three more must go well, and three more badly, before there is a next warning. A rate that hovers at 10 %
 * would otherwise warn anew about every 80 connections; so it does every 240.
 */
export const RETRY_RECOVERED_RATE = 0.08;
/** With fewer connections than this one bad one would already be over the line: nothing is warned of yet. */
export const RETRY_WARNING_MIN = 10;
/**
 * Upper bounds, in ms, of the histogram of establishment times: from the accepted upgrade to the client's `ready`.
 * A healthy one takes about 1 ms on loopback; the first retry of a welcome comes at 300, the last at 650.
 */
export const ESTABLISHMENT_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000] as const;

const Count = z.int().min(0);
const Share = z.number().min(0).max(1);
const Quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

/** How healthy the voice server is, as the window shows it. Rates and times are null while there is nothing to tell. */
export const Health = z.object({
  /** What the last `HEALTH_WINDOW` connections were like; those whose client left before `ready` are not counted. */
  recent: z.object({
    connections: Count,
    /** How many became ready. */
    success_rate: Share.nullable(),
    /** How many needed more than one try of the welcome, or all of them in vain. */
    retry_rate: Share.nullable(),
    /** From the accepted upgrade to `ready`, in ms. */
    establishment_ms: Quantiles.nullable(),
    /** How many took at most `up_to_ms` and longer than the bound before; null: longer than all bounds. */
    histogram: z.array(z.object({ up_to_ms: z.number().nullable(), count: Count })),
  }),
  /** The retry rate rose over `RETRY_WARNING_RATE` and has not come down to `RETRY_RECOVERED_RATE` since. */
  warning: z.boolean(),
  /** Since the app started. */
  totals: z.object({
    /** Upgrades that the guard let in. */
    attempts: Count,
    /** Refused before the upgrade. */
    refused: Count,
    /** Welcomes by the try that was answered: first, second, third. */
    welcomes: z.tuple([Count, Count, Count]),
    /** Clients that left before `ready`. */
    aborted: Count,
    /** Clients that stayed and never answered. */
    failed: Count,
    /** Lost connections whose session was taken up again, and those whose session was not in time. */
    resumed: Count,
    expired: Count,
    frames: Count,
    /** Frames that never came, and frames that came twice. */
    missing: Count,
    duplicates: Count,
    /** Messages not sent to peers that do not read. */
    dropped: Count,
  }),
  /** From a lost connection to the `ready` of the next, in ms, over the last `HEALTH_WINDOW` resumes. */
  resume_ms: Quantiles.nullable(),
  /** What the adaptive settle delay stands at, in ms; 0 while first welcomes are answered. */
  settle_delay_ms: z.number().min(0),
  /** How late the host's event loop runs, in ms, over about the last minute; null while nobody listens or looks. */
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
