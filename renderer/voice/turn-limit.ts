/** How long (ms) before the end the user is warned. */
export const LIMIT_WARNING_MS = 30_000;

/** `leftS`: whole seconds until the turn ends, rounded up. */
export type LimitState = { kind: 'none' } | { kind: 'warning'; leftS: number } | { kind: 'reached' };

/**
 * Where a turn stands against the length limit of the settings. Pure.
 * @param recordedMs length of the turn so far; a pause does not count
 * @param limitMinutes 0: no limit
 */
export function checkTurnLimit(recordedMs: number, limitMinutes: number): LimitState {
  if (limitMinutes <= 0) return { kind: 'none' };
  const left = limitMinutes * 60_000 - recordedMs;
  if (left <= 0) return { kind: 'reached' };
  return left <= LIMIT_WARNING_MS ? { kind: 'warning', leftS: Math.ceil(left / 1000) } : { kind: 'none' };
}
