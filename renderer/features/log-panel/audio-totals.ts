import { FRAME_MS } from '../../../shared/audio-format.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import { levelWord } from '../../state/recording-level.ts';
import { formatCount, formatDbfs, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { Field } from './event-fields.ts';

const secondsOf = (frames: number) => (frames * FRAME_MS) / 1000;

/** The totals of AUDIO lines, as the fields of their common row: length, level, frames, and what is missing. */
export function audioTotals(records: readonly LogRecord[]): Field[] {
  let receivedS = 0;
  let received = 0;
  let sent = 0;
  let missing = 0;
  let duplicates = 0;
  let peak: number | null = null;
  for (const { fields, side } of records) {
    const figure = (name: string) => (typeof fields[name] === 'number' ? fields[name] : 0);
    receivedS += figure('seconds');
    if (side === 'server') received += figure('frames');
    else sent += figure('frames');
    missing += figure('missing');
    duplicates += figure('duplicates');
    if (typeof fields.peak_dbfs === 'number') peak = Math.max(peak ?? fields.peak_dbfs, fields.peak_dbfs);
  }
  const heard = receivedS > 0;
  const { log } = text;
  const field = (name: string, value: string): Field => ({ name, value, raw: null });
  return [
    field(log.audio.length, formatSeconds(heard ? receivedS : secondsOf(sent))),
    ...(heard ? [field(log.audio.level, levelText(peak))] : []),
    ...(missing > 0 ? [field(log.audio.missing, formatSeconds(secondsOf(missing)))] : []),
    ...(duplicates > 0 ? [field(log.audio.duplicates, formatCount(duplicates))] : []),
    ...(sent > 0 ? [field(log.audio.sent, formatCount(sent))] : []),
    ...(received > 0 ? [field(log.audio.received, formatCount(received))] : []),
  ];
}

/** A level in words and in dBFS. @param peak in dBFS, or null in silence */
export function levelText(peak: number | null): string {
  const word = text.log.levelWords[levelWord({ peak_dbfs: peak })];
  return peak === null ? word : `${formatDbfs(peak)}\u00a0dBFS (${word})`;
}
