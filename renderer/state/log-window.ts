import type { LogRecord } from '../../shared/log-event.ts';

/** Most records a window keeps; the oldest go first. */
export const MAX_RECORDS = 10_000;

/**
 * Joins records that are held with records that came in: each `seq` once, in order, the oldest dropped over `max`.
 * Almost always the new ones simply follow; only a history that arrives late needs the sort.
 */
export function joinRecords(
  held: readonly LogRecord[],
  incoming: readonly LogRecord[],
  max = MAX_RECORDS,
): readonly LogRecord[] {
  if (incoming.length === 0) return held;
  const joined = follows(held, incoming) ? held.concat(incoming) : sortedUnion(held, incoming);
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

function follows(held: readonly LogRecord[], incoming: readonly LogRecord[]): boolean {
  let last = held.at(-1)?.seq ?? 0;
  for (const { seq } of incoming) {
    if (seq <= last) return false;
    last = seq;
  }
  return true;
}

function sortedUnion(held: readonly LogRecord[], incoming: readonly LogRecord[]): LogRecord[] {
  const bySeq = new Map<number, LogRecord>();
  for (const record of held) bySeq.set(record.seq, record);
  for (const record of incoming) bySeq.set(record.seq, record);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
