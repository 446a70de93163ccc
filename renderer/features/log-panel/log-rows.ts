import { FRAME_MS } from '../../../shared/audio-format.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import { formatCount, formatDbfs, formatSeconds } from '../../ui/format.ts';
import { partsOf } from './line-parts.ts';

/** One line of the log. */
interface LineRow {
  kind: 'line';
  /** Position of the row among all rows: its record's `seq`. */
  id: number;
  records: readonly [LogRecord];
  /** Shown below the row that holds it together with others. */
  indented: boolean;
}

/** The AUDIO lines of one session that follow each other, both sides', as one row. */
export interface AudioRow {
  kind: 'audio';
  /** Just before its first record, so that it stays the same while lines are added. */
  id: number;
  records: readonly [LogRecord, ...LogRecord[]];
  expanded: boolean;
}

export type Row = LineRow | AudioRow;

/**
 * The rows of the list: a line each, but the AUDIO lines (one a second from each side) of a session share a row until
 * something else is logged.
 * @param records ordered by `seq`
 * @param expanded ids of the audio rows whose lines are shown as well
 */
export function rowsOf(records: readonly LogRecord[], expanded: ReadonlySet<number>): Row[] {
  const rows: Row[] = [];
  /** The AUDIO lines since the last other line, by session. */
  let run = new Map<string, [LogRecord, ...LogRecord[]]>();
  const endRun = () => {
    if (run.size === 0) return;
    for (const held of run.values()) addAudio(rows, held, expanded);
    run = new Map();
  };
  for (const record of records) {
    if (record.event === 'AUDIO' && record.level === 'info') {
      const session = record.session_id ?? '';
      const held = run.get(session);
      if (held) held.push(record);
      else run.set(session, [record]);
    } else {
      endRun();
      rows.push(lineRow(record, false));
    }
  }
  endRun();
  return rows;
}

/** A row for each record, for who looks for single lines. */
export function singleRows(records: readonly LogRecord[]): Row[] {
  return records.map((record) => lineRow(record, false));
}

/** What the AUDIO lines of a row add up to: `AUDIO 12 s, peak −8.9 dBFS`. */
export function audioSummary(records: readonly LogRecord[]): string {
  let receivedS = 0;
  let sentFrames = 0;
  let missing = 0;
  let duplicates = 0;
  let peak: number | null = null;
  for (const record of records) {
    const figures = figuresOf(record);
    receivedS += figures.seconds;
    if (record.side !== 'server') sentFrames += figures.frames;
    missing += figures.missing;
    duplicates += figures.duplicates;
    if (figures.peak_dbfs !== null) peak = Math.max(peak ?? figures.peak_dbfs, figures.peak_dbfs);
  }
  const received = receivedS > 0;
  const words = [`AUDIO ${formatSeconds(received ? receivedS : (sentFrames * FRAME_MS) / 1000)}`];
  if (received) words.push(peak === null ? 'silence' : `peak ${formatDbfs(peak)} dBFS`);
  if (missing > 0) words.push(`${formatSeconds((missing * FRAME_MS) / 1000)} missing`);
  if (duplicates > 0) words.push(`${formatCount(duplicates)} duplicate frames`);
  return words.join(', ');
}

interface AudioFigures {
  /** Received in this second; only the server says so. */
  seconds: number;
  frames: number;
  missing: number;
  duplicates: number;
  /** Null: silence, or a side that does not measure it. */
  peak_dbfs: number | null;
}

/** A row is added up anew every second: its lines are read once. */
const read = new WeakMap<LogRecord, AudioFigures>();

function figuresOf(record: LogRecord): AudioFigures {
  const known = read.get(record);
  if (known) return known;
  const values = new Map(partsOf(record).fields.map(({ name, value }) => [name, Number(value)]));
  const figure = (name: string) => values.get(name) || 0;
  const level = values.get('peak_dbfs') ?? Number.NaN;
  const figures: AudioFigures = {
    seconds: figure('seconds'),
    frames: figure('frames'),
    missing: figure('missing'),
    duplicates: figure('duplicates'),
    peak_dbfs: Number.isNaN(level) ? null : level,
  };
  read.set(record, figures);
  return figures;
}

/** The side of every record of a row, or `both`. */
export function sideOf({ records }: Row): LogRecord['side'] | 'both' {
  const { side } = records[0];
  return records.every((record) => record.side === side) ? side : 'both';
}

function addAudio(rows: Row[], records: readonly [LogRecord, ...LogRecord[]], expanded: ReadonlySet<number>): void {
  const id = records[0].seq - 0.5;
  const open = expanded.has(id);
  rows.push({ kind: 'audio', id, records, expanded: open });
  if (open) for (const record of records) rows.push(lineRow(record, true));
}

function lineRow(record: LogRecord, indented: boolean): LineRow {
  return { kind: 'line', id: record.seq, records: [record], indented };
}
