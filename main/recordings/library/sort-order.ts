import type { RecordingInfo } from '../../../shared/recording.ts';

/** A place in the list: newest first, then by id. */
export interface Position {
  /** Start of the recording, or its `ordered_at`. */
  key: string;
  id: string;
}

/** Longer values are no times. */
const MAX_KEY = 64;

export function positionOf({ id, ordered_at, started_at }: RecordingInfo): Position {
  return { key: (ordered_at ?? started_at).slice(0, MAX_KEY), id };
}

/** Negative if `a` comes first. Compares code units, which is enough for ids and ISO times. */
export function comparePositions(a: Position, b: Position): number {
  return compare(b.key, a.key) || compare(b.id, a.id);
}

/** Writes a position as the `next` of a page. */
export function cursorOf({ key, id }: Position): string {
  return `${id} ${key}`;
}

/** Reads a cursor from a window. An unknown one is a position too: the page begins after it. */
export function parseCursor(cursor: string): Position {
  const space = cursor.indexOf(' ');
  return { id: cursor.slice(0, Math.max(space, 0)), key: cursor.slice(space + 1) };
}

/** Index of the first item that comes after the position. @param items in order */
export function indexAfter(items: readonly Position[], position: Position): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePositions(items[middle] as Position, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
