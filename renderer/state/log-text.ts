import type { LogRecord } from '../../shared/log-event.ts';
import { type LogLine, textOf, toLine } from '../../shared/log-line.ts';
import { en } from '../text/en.ts';
import { formatLogTime } from '../text/format.ts';
import { createSlices, type SliceOptions } from './slices.ts';
import { isUnrecorded } from './unrecorded.ts';

/** How many records are written between two looks at the clock. */
const GROUP = 128;

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

/** The records as a file of JSON Lines. Made in slices, because 100,000 lines take more than a second. */
export async function jsonLinesFile(records: Iterable<LogRecord>, options?: SliceOptions): Promise<Blob> {
  // A blob of strings would encode them all in one step at the end.
  const parts = await inGroups(records, (group) => new Blob([toJsonLines(group)]), options);
  return new Blob(parts, { type: 'application/jsonl' });
}

/** The records as text to be copied, made in slices. */
export async function copiedText(records: Iterable<LogRecord>, options?: SliceOptions): Promise<string> {
  return (await inGroups(records, toTextLines, options)).join('\n');
}

async function inGroups<Written>(
  records: Iterable<LogRecord>,
  write: (group: readonly LogRecord[]) => Written,
  options?: SliceOptions,
): Promise<Written[]> {
  const slices = createSlices(options);
  const written: Written[] = [];
  let group: LogRecord[] = [];
  for (const record of records) {
    if (group.push(record) < GROUP) continue;
    written.push(write(group));
    group = [];
    if (slices.isOver()) await slices.next();
  }
  if (group.length > 0) written.push(write(group));
  return written;
}

/** `earshot-log-2026-11-22T19-41-05.jsonl`: UTC, without colons, which Windows forbids in file names. */
export function exportName(now: Date): string {
  return `earshot-log-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`;
}
