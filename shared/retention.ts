import { z } from 'zod';

/** The settings that say which recordings are kept. All are single values, because settings are compared by value. */
export const retentionShape = {
  /** `all`; the last `retention_days`; the newest `retention_number`; the newest `retention_mb`; or `none`. */
  retention: z.enum(['all', 'days', 'number', 'size', 'none']),
  retention_days: z.int().min(1).max(3_650),
  retention_number: z.int().min(1).max(100_000),
  /** Millions of bytes of audio. An hour is about 115. */
  retention_mb: z.int().min(10).max(10_000_000),
};

export const RETENTION_DEFAULTS = {
  retention: 'all',
  retention_days: 30,
  retention_number: 100,
  retention_mb: 1_000,
} as const;

/** Which recordings are kept. Only the value that `retention` names counts. */
export const RetentionPolicy = z.object(retentionShape);
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;
