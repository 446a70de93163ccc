import type { LogRecord } from '../../shared/log-event.ts';
import type { ReadLine } from './read-log-line.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

/**
 * Numbers the lines of a file in its order. They keep their numbers while these grow. A launch begins again at 1: its
 * numbers, and all others that do not grow, continue after the last one. Lines at the end that the host had not recorded
 * are unrecorded here as well; elsewhere they are numbered like the others and have the field `recorded`.
 */
export function createNumbering() {
  const records: LogRecord[] = [];
  let last = 0;
  /** Added to the numbers of the launch. */
  let offset = 0;
  /** Since the last line that was recorded. */
  let unrecorded: ReadLine[] = [];

  function addRecorded({ record, seq }: ReadLine): void {
    if (seq !== null) {
      const wanted = seq + offset;
      if (wanted <= last || wanted >= FIRST_UNRECORDED) offset = last + 1 - seq;
    }
    last = seq === null ? last + 1 : seq + offset;
    records.push({ seq: last, ...record });
  }

  return {
    add(line: ReadLine): void {
      if (!line.recorded) {
        unrecorded.push(line);
        return;
      }
      for (const { record } of unrecorded)
        addRecorded({
          record: { ...record, fields: { ...record.fields, recorded: false } },
          seq: null,
          recorded: false,
        });
      unrecorded = [];
      addRecorded(line);
    },
    get count() {
      return records.length + unrecorded.length;
    },
    /** All records, in order. */
    end(): LogRecord[] {
      for (const [index, { record }] of unrecorded.entries())
        records.push({ seq: FIRST_UNRECORDED + index, ...record });
      return records;
    },
  };
}
