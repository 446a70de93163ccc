import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';

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

export interface RowOptions {
  /** What the list was chosen by, such as its filter. Lists of another choice have nothing in common. */
  choice: unknown;
  /** Consecutive AUDIO lines (one a second from each side) of a session share a row. */
  combined: boolean;
  /** IDs of the audio rows whose lines are shown. */
  expanded: ReadonlySet<number>;
}

/** A line as its record alone, so that 100,000 rows need a pointer each. */
type Entry = LogRecord | Row;

const isRow = (entry: Entry): entry is Row => 'kind' in entry;
const idOf = (entry: Entry): number => (isRow(entry) ? entry.id : entry.seq);

class RowSlice implements Rows {
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
class SingleRows implements Rows {
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

/** How many dropped entries are kept before the others are copied to another array. */
const COMPACT_ABOVE = 20_000;

/**
 * Makes the rows of one list after another. What the lists have in common is not read again: usually a list has some
 * records more than the one before, and has lost some at its beginning.
 */
export function createRowBuilder(): (records: Records, options: RowOptions) => Rows {
  let entries: Entry[] = [];
  /** Entries before it belong to records that the list has lost. */
  let from = 0;
  /** AUDIO lines since the last line of another event, by session. */
  let run = new Map<string, [LogRecord, ...LogRecord[]]>();
  let before: { records: Records; options: RowOptions } | null = null;

  function audioRows({ expanded }: RowOptions): Row[] {
    return [...run.values()].flatMap((records) => {
      const id = records[0].seq - 0.5;
      const open = expanded.has(id);
      const row: Row = { kind: 'audio', id, records, expanded: open };
      return open ? [row, ...records.map((record) => lineRow(record, true))] : [row];
    });
  }

  function add(record: LogRecord, options: RowOptions): void {
    if (options.combined && record.event === 'AUDIO' && record.level === 'info') {
      const session = sessionOf(record) ?? '';
      const lines = run.get(session);
      run.set(session, lines ? [...lines, record] : [record]);
      return;
    }
    if (run.size > 0) {
      entries.push(...audioRows(options));
      run = new Map();
    }
    entries.push(record);
  }

  function dropBefore(seq: number): void {
    while (from < entries.length && lastSeq(entries[from] as Entry) < seq) from += 1;
    if (from < COMPACT_ABOVE) return;
    entries = entries.slice(from);
    from = 0;
  }

  return function rowsOf(records, options) {
    if (!options.combined) {
      before = null;
      return new SingleRows(records);
    }
    const known = before !== null && isSame(before.options, options) ? countKnown(before.records, records) : 0;
    if (known === 0) {
      entries = [];
      from = 0;
      run = new Map();
    }
    for (const record of records.slice(known)) add(record, options);
    dropBefore(records.at(0)?.seq ?? 0);
    before = { records, options };
    return new RowSlice(entries, from, entries.length, audioRows(options));
  };
}

function isSame(a: RowOptions, b: RowOptions): boolean {
  return a.choice === b.choice && a.combined === b.combined && a.expanded === b.expanded;
}

/**
 * How many of `after`, from its beginning, were the end of `before`; 0 if the lists differ in another way. Both are in
 * order and have each record once, so the ends of that part decide.
 */
function countKnown(before: Records, after: Records): number {
  const last = before.at(-1);
  const first = after.at(0);
  // Unrecorded events come last and are replaced by records, which have other places.
  if (last === undefined || first === undefined || isUnrecorded(last)) return 0;
  const dropped = positionOf(before, first.seq);
  if (dropped === -1 || before.at(dropped) !== first) return 0;
  const count = before.length - dropped;
  return after.at(count - 1) === last ? count : 0;
}

/** The position of a record in a list that is in order, by its `seq`; -1: it is not in it. */
function positionOf(records: Records, seq: number): number {
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

function lastSeq(entry: Entry): number {
  return isRow(entry) ? (entry.records.at(-1) ?? entry.records[0]).seq : entry.seq;
}

/** The side that logged the row's records, or `both`. */
export function sideOf({ records }: Row): LogRecord['side'] | 'both' {
  const { side } = records[0];
  return records.every((record) => record.side === side) ? side : 'both';
}

function lineRow(record: LogRecord, indented: boolean): LineRow {
  return { kind: 'line', id: record.seq, records: [record], indented };
}
