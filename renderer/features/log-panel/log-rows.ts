import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import {
  type Entry,
  isRow,
  lineRow,
  positionOf,
  type Records,
  type Row,
  RowSlice,
  type Rows,
  SingleRows,
} from './row-list.ts';

export interface RowOptions {
  /** What the list was chosen by, such as its filter. Lists of another choice have nothing in common. */
  choice: unknown;
  /** Consecutive AUDIO lines (one a second from each side) of a session share a row. */
  combined: boolean;
  /** IDs of the audio rows whose lines are shown. */
  expanded: ReadonlySet<number>;
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

function lastSeq(entry: Entry): number {
  return isRow(entry) ? (entry.records.at(-1) ?? entry.records[0]).seq : entry.seq;
}
