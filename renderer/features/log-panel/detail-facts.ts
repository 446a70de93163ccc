import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import { formatLogTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { type Field, fieldsToShow } from './event-fields.ts';

/** Everything that is known of a record: its own fields first, then when and where it was logged. */
export function factsOf(record: LogRecord): Field[] {
  const { time, seq, side, level, event, fields, window } = record;
  const session = sessionOf(record);
  const { facts } = text.log;
  const fact = (name: string, value: string, raw: string | null = null): Field => ({ name, value, raw });
  return [
    ...fieldsToShow(event, fields),
    ...(session === undefined ? [] : [fact('session', session)]),
    fact(facts.time, formatLogTime(time), new Date(time).toISOString()),
    fact(facts.side, text.log.side[side]),
    fact(facts.level, text.log.levelName[level]),
    ...(window === undefined ? [] : [fact(facts.window, window)]),
    fact(facts.position, isUnrecorded(record) ? text.log.notRecorded : String(seq)),
  ];
}
