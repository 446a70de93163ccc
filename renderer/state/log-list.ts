import type { LogRecord } from '../../shared/log-event.ts';

/** Target size of a chunk: the most records that are copied by a change inside the list. */
const CHUNK = 1_024;

/** A part of a chunk. `items` may be longer: the rest belongs to other lists. */
interface Part {
  readonly items: LogRecord[];
  readonly from: number;
  readonly to: number;
}

/** A part with the position of its first record in the list. */
interface Span extends Part {
  readonly start: number;
}

/**
 * Records in the order of their `seq`, each once. A value: it never changes, and a change makes another list. A list of
 * 100,000 is made from its predecessor by copying about a hundred references, so that twenty can be made each second.
 */
export class LogList implements Iterable<LogRecord> {
  readonly length: number;

  /** @param spans used by the functions of this file only */
  constructor(readonly spans: readonly Span[]) {
    const last = spans.at(-1);
    this.length = last ? last.start + last.to - last.from : 0;
  }

  /** The record at a position; counts from the end if it is negative. */
  at(index: number): LogRecord | undefined {
    const wanted = index < 0 ? this.length + index : index;
    if (wanted < 0 || wanted >= this.length) return undefined;
    const { spans } = this;
    let low = 0;
    let high = spans.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((spans[middle] as Span).start <= wanted) low = middle;
      else high = middle - 1;
    }
    const span = spans[low] as Span;
    return span.items[span.from + wanted - span.start];
  }

  /** The records from `from` to before `to`. */
  slice(from: number, to = this.length): LogRecord[] {
    const found: LogRecord[] = [];
    for (const { items, from: first, to: end, start } of this.spans) {
      const low = first + Math.max(0, from - start);
      const high = Math.min(end, first + to - start);
      for (let at = low; at < high; at++) found.push(items[at] as LogRecord);
    }
    return found;
  }

  /** How many records have a `seq` of at most `seq`. */
  countThrough(seq: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle)?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The position of the record with this `seq`; -1: there is none. */
  indexOf(seq: number): number {
    const index = this.countThrough(seq) - 1;
    return index >= 0 && this.at(index)?.seq === seq ? index : -1;
  }

  toArray(): LogRecord[] {
    return this.slice(0);
  }

  *[Symbol.iterator](): Iterator<LogRecord> {
    for (const { items, from, to } of this.spans) for (let at = from; at < to; at++) yield items[at] as LogRecord;
  }
}

export const EMPTY_LIST = new LogList([]);

/** @param records in any order; of two with the same `seq`, the last one is kept */
export function listOf(records: readonly LogRecord[]): LogList {
  return withRecords(EMPTY_LIST, records);
}

/** The list with more records. Of two with the same `seq`, the added one is kept. @param added in any order */
export function withRecords(list: LogList, added: readonly LogRecord[]): LogList {
  const batch = inOrder(added);
  const first = batch[0];
  const last = batch.at(-1);
  if (first === undefined || last === undefined) return list;
  const before = list.countThrough(first.seq - 1);
  if (before === list.length) return appended(list, batch);
  const through = list.countThrough(last.seq);
  const middle = before === through ? batch : inOrder(list.slice(before, through).concat(batch));
  return joined([...parts(list, 0, before), ...chunksOf(middle, 0), ...parts(list, through)]);
}

/** The newest `max` records of a list. */
export function newest(list: LogList, max: number): LogList {
  return list.length <= max ? list : joined(parts(list, list.length - max));
}

/**
 * The records of `after` that are not in `before`, in order, found without looking at all. Some that are in both may be
 * among them: up to a chunk for each place where records were added.
 */
export function addedRecords(before: LogList, after: LogList): LogRecord[] {
  const known = new Map<readonly LogRecord[], Span[]>();
  for (const span of before.spans) known.set(span.items, [...(known.get(span.items) ?? []), span]);
  return after.spans.flatMap(({ items, from, to }) => {
    const same = known.get(items) ?? [];
    // Ranges of one chunk that both lists share are mostly the whole, or the whole but its newest records.
    const [first] = same;
    if (same.length !== 1 || first === undefined || first.from >= to || first.to <= from) return items.slice(from, to);
    return [...items.slice(from, Math.max(from, first.from)), ...items.slice(Math.min(to, first.to), to)];
  });
}

/** Adds to the end. The last chunk is filled in place, unless a newer list has done that already. */
function appended(list: LogList, batch: readonly LogRecord[]): LogList {
  const spans = [...list.spans];
  const last = spans.at(-1);
  let count = 0;
  if (last && last.items.length === last.to && last.to < CHUNK) {
    count = Math.min(batch.length, CHUNK - last.to);
    for (let at = 0; at < count; at++) last.items.push(batch[at] as LogRecord);
    spans[spans.length - 1] = { ...last, to: last.to + count };
  }
  return count === batch.length ? new LogList(spans) : joined([...spans, ...chunksOf(batch, count)]);
}

/** Copies records into chunks: lists fill their chunks, so they must not be the caller's arrays. */
function chunksOf(records: readonly LogRecord[], from: number): Part[] {
  const chunks: Part[] = [];
  for (let at = from; at < records.length; at += CHUNK) {
    const items = records.slice(at, at + CHUNK);
    chunks.push({ items, from: 0, to: items.length });
  }
  return chunks;
}

/** The parts of a list's chunks with the records from `from` to before `to`. */
function parts(list: LogList, from: number, to = list.length): Part[] {
  return list.spans.flatMap((span) => {
    const low = span.from + Math.max(0, from - span.start);
    const high = Math.min(span.to, span.from + to - span.start);
    return low < high ? [{ items: span.items, from: low, to: high }] : [];
  });
}

/** Joins parts. Small neighbours are copied into one chunk, so that their number stays small. */
function joined(all: readonly Part[]): LogList {
  const spans: Span[] = [];
  let start = 0;
  for (const { items, from, to } of all) {
    const last = spans.at(-1);
    if (last && last.to - last.from + to - from <= CHUNK) {
      const both = last.items.slice(last.from, last.to).concat(items.slice(from, to));
      spans[spans.length - 1] = { items: both, from: 0, to: both.length, start: last.start };
    } else {
      spans.push({ items, from, to, start });
    }
    start += to - from;
  }
  return new LogList(spans);
}

/** Sorted, each `seq` once. Usually it is both already. */
function inOrder(records: readonly LogRecord[]): readonly LogRecord[] {
  let last = Number.NEGATIVE_INFINITY;
  for (const { seq } of records) {
    if (seq <= last) return sorted(records);
    last = seq;
  }
  return records;
}

function sorted(records: readonly LogRecord[]): LogRecord[] {
  const bySeq = new Map(records.map((record) => [record.seq, record]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
