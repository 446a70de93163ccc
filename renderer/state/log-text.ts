import type { LogRecord } from '../../shared/log-event.ts';
import { type LogLine, textOf, toLine } from '../../shared/log-line.ts';
import { en } from '../text/en.ts';
import { formatLogTime } from '../text/format.ts';
import { isUnrecorded } from './unrecorded.ts';

/** Records as text: time, side, level and text, one line each, without a final line break. English, whatever the window's language. */
export function toTextLines(records: readonly LogRecord[]): string {
  return records
    .map((r) => {
      const line = `${formatLogTime(r.time)}  ${r.side.padEnd(6)}  ${r.level.padEnd(5)}  ${textOf(r)}`;
      return isUnrecorded(r) ? `${line}  (${en.log.notRecorded})` : line;
    })
    .join('\n');
}

/**
 * Records as JSON Lines (jsonlines.org): one `LogLine` per line, each ended by `\n`. Lines that the host has not
 * recorded yet have `"recorded":false` instead of `seq`.
 */
export function toJsonLines(records: readonly LogRecord[]): string {
  return records.map((record) => `${JSON.stringify(exported(record))}\n`).join('');
}

function exported(record: LogRecord): LogLine | (Omit<LogLine, 'seq'> & { recorded: false }) {
  if (!isUnrecorded(record)) return toLine(record);
  const { seq: _, ...line } = toLine(record);
  return { recorded: false, ...line };
}

/** `earshot-log-2026-11-22T19-41-05.jsonl`: UTC, without colons, which Windows forbids in file names. */
export function exportName(now: Date): string {
  return `earshot-log-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`;
}
