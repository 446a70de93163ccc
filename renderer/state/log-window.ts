import type { LogRecord } from '../../shared/log-event.ts';

/** Most records a window keeps. Above it, the oldest are dropped. */
export const MAX_RECORDS = 10_000;

/**
 * Joins two lists of records: each `seq` once, in order, and the oldest dropped above `max`. Usually the new records
 * follow the others; only a history that arrives late has to be sorted in.
 */
export function joinRecords(
  current: readonly LogRecord[],
  incoming: readonly LogRecord[],
  max = MAX_RECORDS,
): readonly LogRecord[] {
  if (incoming.length === 0) return current;
  const joined = isAllNewer(current, incoming) ? current.concat(incoming) : sortedUnion(current, incoming);
  return joined.length > max ? joined.slice(-max) : joined;
}

/** How many of `records` (ordered) have a seq of at most `seq`. */
export function countThrough(records: readonly LogRecord[], seq: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAllNewer(current: readonly LogRecord[], incoming: readonly LogRecord[]): boolean {
  let last = current.at(-1)?.seq ?? 0;
  for (const { seq } of incoming) {
    if (seq <= last) return false;
    last = seq;
  }
  return true;
}

function sortedUnion(current: readonly LogRecord[], incoming: readonly LogRecord[]): LogRecord[] {
  const bySeq = new Map<number, LogRecord>();
  for (const record of current) bySeq.set(record.seq, record);
  for (const record of incoming) bySeq.set(record.seq, record);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
