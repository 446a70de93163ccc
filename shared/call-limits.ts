import type { BridgeCallName } from './bridge.ts';

// Limits of one call, checked before its arguments are parsed, in the preload and again in the host. This file does not
// use zod, which is not part of the preload bundle.

/** Maximum characters of all strings and names in a call's arguments, plus 4 per value. Enough for 200 log lines. */
export const MAX_CALL_SIZE = 256 * 1024;
/** Maximum values in a call's arguments. 200 log lines of 16 fields are 4,600. */
export const MAX_CALL_VALUES = 10_000;
/** Maximum names in one object: enough for all settings, and for the 16 fields of a log line. */
export const MAX_CALL_NAMES = 64;
/** Maximum nesting depth. The fields of a log line are at depth 3. */
export const MAX_CALL_DEPTH = 8;
/** Maximum concurrent calls of one window. Further calls wait. */
export const MAX_PENDING_CALLS = 16;
/**
 * Maximum waiting calls of a desktop window. A tab's calls wait in its socket, which is not read until they may start.
 */
export const MAX_WAITING_CALLS = 1_000;
/** Expensive calls (up to 1 MB per answer, a thousand files, or a copy of up to 4 GB): one at a time per window. */
export const ONE_AT_A_TIME: ReadonlySet<string> = new Set([
  'getLogHistory',
  'deleteRecordings',
  'restoreRecordings',
  'trimRecording',
] satisfies BridgeCallName[]);

const VALUE_SIZE = 4;

/**
 * Measures the arguments of a call. Stops at the first exceeded limit, and reads only the length of strings.
 * @returns the size, or null if a limit is exceeded or a value can't be represented in JSON
 */
export function measureCall(args: unknown): number | null {
  let size = 0;
  let values = 0;

  function fits(value: unknown, depth: number): boolean {
    values += 1;
    size += VALUE_SIZE;
    if (typeof value === 'string') size += value.length;
    if (size > MAX_CALL_SIZE || values > MAX_CALL_VALUES) return false;
    if (value === null || value === undefined) return true;
    if (typeof value !== 'object')
      return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
    if (depth >= MAX_CALL_DEPTH) return false;
    if (Array.isArray(value)) {
      if (value.length > MAX_CALL_VALUES) return false;
      for (const item of value) if (!fits(item, depth + 1)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // Plain objects only. Objects may be of another realm (preload), so check that their prototype has no prototype.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
    let names = 0;
    for (const name in value) {
      names += 1;
      size += name.length;
      if (names > MAX_CALL_NAMES) return false;
      if (!fits((value as Record<string, unknown>)[name], depth + 1)) return false;
    }
    return true;
  }

  return fits(args, 0) ? size : null;
}
