import type { BridgeCallName } from './bridge.ts';

// What one call of a window may be, before anything of it is read: in the preload, and again in the host. Without zod, which the
// preload does not carry.

/** Characters of all texts and names in one call's arguments, and 4 a value, as JSON needs more: 200 lines of a log with room to spare. */
export const MAX_CALL_SIZE = 256 * 1024;
/** Values in one call's arguments: 200 lines of 16 fields are 4,400. */
export const MAX_CALL_VALUES = 10_000;
/** Names in one object: there are ten settings, and a line of the log has 16 fields. */
export const MAX_CALL_NAMES = 64;
/** Lists and objects inside one another; a line's fields stand in the third. */
export const MAX_CALL_DEPTH = 8;
/** Calls of one window under way at once. The rest waits. */
export const MAX_PENDING_CALLS = 16;
/** Calls of one window that wait in a desktop window; a tab's wait in its socket, which is not read meanwhile. */
export const MAX_WAITING_CALLS = 1_000;
/** Answers of up to 10 MB, and a look at each file of a folder: one at a time for each window. */
export const ONE_AT_A_TIME: ReadonlySet<string> = new Set([
  'getLogHistory',
  'listRecordings',
] satisfies BridgeCallName[]);

const VALUE_SIZE = 4;

/**
 * Measures arguments without reading them: stops at the first bound that is passed, and asks no more of a text than its length.
 * @returns their size, or null where they are more than one call may be, or something else than JSON can say
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
    // Of another realm, as in the preload: an object's own prototype has none above it.
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
