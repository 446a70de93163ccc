import { FRAME_MS } from '../../../shared/audio-format.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { formatDbfs, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';

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
export interface AudioRow {
  kind: 'audio';
  /** Half a step before its first record's `seq`, so that it does not change when lines are added. */
  id: number;
  records: readonly [LogRecord, ...LogRecord[]];
  expanded: boolean;
}

export type Row = LineRow | AudioRow;

/**
 * The rows of the list: one for each line, except that consecutive AUDIO lines (one a second from each side) of a
 * session share a row.
 * @param records ordered by `seq`
 * @param expanded IDs of the audio rows whose lines are shown
 */
export function rowsOf(records: readonly LogRecord[], expanded: ReadonlySet<number>): Row[] {
  const rows: Row[] = [];
  /** AUDIO lines since the last line of another event, by session. */
  let run = new Map<string, [LogRecord, ...LogRecord[]]>();
  const endRun = () => {
    if (run.size === 0) return;
    for (const lines of run.values()) addAudio(rows, lines, expanded);
    run = new Map();
  };
  for (const record of records) {
    if (record.event === 'AUDIO' && record.level === 'info') {
      const session = sessionOf(record) ?? '';
      const lines = run.get(session);
      if (lines) lines.push(record);
      else run.set(session, [record]);
    } else {
      endRun();
      rows.push(lineRow(record, false));
    }
  }
  endRun();
  return rows;
}

/** A row for each record. */
export function singleRows(records: readonly LogRecord[]): Row[] {
  return records.map((record) => lineRow(record, false));
}

/** The totals of a row's AUDIO lines: `AUDIO 12 s, peak −8.9 dBFS`. */
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
  const { audio } = text.log;
  const received = receivedS > 0;
  const parts = [audio.length({ length: formatSeconds(received ? receivedS : (sentFrames * FRAME_MS) / 1000) })];
  if (received) parts.push(peak === null ? audio.silence : audio.peak({ level: formatDbfs(peak) }));
  if (missing > 0) parts.push(audio.missing({ length: formatSeconds((missing * FRAME_MS) / 1000) }));
  if (duplicates > 0) parts.push(audio.duplicates({ frames: duplicates }));
  return parts.join(', ');
}

interface AudioFigures {
  /** Received in this second; 0 for the client, which only sends. */
  seconds: number;
  frames: number;
  missing: number;
  duplicates: number;
  /** Null in silence, and for a side that does not measure it. */
  peak_dbfs: number | null;
}

function figuresOf({ fields }: LogRecord): AudioFigures {
  const figure = (name: string) => Number(fields[name]) || 0;
  const { peak_dbfs } = fields;
  return {
    seconds: figure('seconds'),
    frames: figure('frames'),
    missing: figure('missing'),
    duplicates: figure('duplicates'),
    peak_dbfs: typeof peak_dbfs === 'number' ? peak_dbfs : null,
  };
}

/** The side that logged the row's records, or `both`. */
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
