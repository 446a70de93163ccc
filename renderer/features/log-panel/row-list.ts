import type { LogRecord } from '../../../shared/log-event.ts';

/** One line of the log. */
interface LineRow {
  kind: 'line';
  /** Its record's `seq`, which orders the rows. */
  id: number;
  records: readonly [LogRecord];
  /** Shown below the audio row that contains it. */
  indented: boolean;
}

/** Consecutive AUDIO lines of one session, from both sides, as one row. */
interface AudioRow {
  kind: 'audio';
  /** Half a step before its first record's `seq`, so that it does not change when lines are added. */
  id: number;
  records: readonly [LogRecord, ...LogRecord[]];
  expanded: boolean;
}

export type Row = LineRow | AudioRow;

/** Records by their position: an array, or a list that does not copy them. */
export interface Records {
  readonly length: number;
  at(index: number): LogRecord | undefined;
  /** The records from `from` on. */
  slice(from: number): readonly LogRecord[];
}

/** The rows of a list. A value: it never changes. A row is made when it is asked for. */
export interface Rows {
  readonly length: number;
  at(index: number): Row | undefined;
  /** The position of a row; -1: none. */
  indexOf(id: number): number;
  toArray(): Row[];
}

/** A line as its record alone, so that 100,000 rows need a pointer each. */
export type Entry = LogRecord | Row;

export const isRow = (entry: Entry): entry is Row => 'kind' in entry;
const idOf = (entry: Entry): number => (isRow(entry) ? entry.id : entry.seq);

/** Rows from `from` to before `to`, and those after them. */
export class RowSlice implements Rows {
  constructor(
    /** Is only added to, at its end. */
    private readonly entries: readonly Entry[],
    private readonly from: number,
    private readonly to: number,
    /** The rows after `to`: those of AUDIO lines that may get more. */
    private readonly tail: readonly Row[],
  ) {}

  get length(): number {
    return this.to - this.from + this.tail.length;
  }

  at(index: number): Row | undefined {
    const at = this.from + index;
    if (index < 0 || at >= this.to) return index < 0 ? undefined : this.tail[at - this.to];
    const entry = this.entries[at] as Entry;
    return isRow(entry) ? entry : lineRow(entry, false);
  }

  indexOf(id: number): number {
    for (let at = this.from; at < this.to; at++) if (idOf(this.entries[at] as Entry) === id) return at - this.from;
    const at = this.tail.findIndex((row) => row.id === id);
    return at === -1 ? -1 : this.to - this.from + at;
  }

  toArray(): Row[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index) as Row);
  }
}

/** A row for each record: nothing has to be read or kept, however the list changes. */
export class SingleRows implements Rows {
  constructor(private readonly records: Records) {}

  get length(): number {
    return this.records.length;
  }

  at(index: number): Row | undefined {
    const record = index < 0 ? undefined : this.records.at(index);
    return record && lineRow(record, false);
  }

  indexOf(id: number): number {
    return positionOf(this.records, id);
  }

  toArray(): Row[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index) as Row);
  }
}

/** The position of a record in a list that is in order, by its `seq`; -1: it is not in it. */
export function positionOf(records: Records, seq: number): number {
  let low = 0;
  let high = records.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = (records.at(middle) as LogRecord).seq;
    if (found === seq) return middle;
    if (found < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The side that logged the row's records, or `both`. */
export function sideOf({ records }: Row): LogRecord['side'] | 'both' {
  const { side } = records[0];
  return records.every((record) => record.side === side) ? side : 'both';
}

export function lineRow(record: LogRecord, indented: boolean): LineRow {
  return { kind: 'line', id: record.seq, records: [record], indented };
}
