import { createLogBus } from '../main/log/bus.ts';
import { type Log, type LogRecord, logFor } from '../shared/log-event.ts';
import { MAX_FIELD_TEXT } from '../shared/log-fields.ts';
import { toLine } from '../shared/log-line.ts';
import { MAX_TEXT } from '../shared/sanitise.ts';
import { TOKEN } from './host.ts';

/** Capacity of the bus in records. It is below the app's, so that the bus is full before the heap is measured. */
const CAPACITY = 1_000;
/** Maximum number of problems to keep, because most would be repeats. */
const MAX_FAULTS = 20;

/** Warning types that a peer may cause. Any other warning or error is a fault of the server. */
const EXPECTED_TYPES: readonly unknown[] = [
  'socket_error',
  'upgrade_failed',
  'send_failed',
  'send_connected_failed',
  'bad_message',
  'bad_audio',
  'not_ready',
  'not_listening',
  'unknown_event',
  'flood',
  'slow_reader',
  'peer_silent',
];

export interface LogWatch {
  /** The log to pass to the server. */
  log: Log;
  /** Number of lines read from the bus. */
  readonly lines: number;
  /** A description of each line that must not be in the log. */
  readonly problems: readonly string[];
  stop(): void;
}

/** Creates the app's log bus and checks every line it delivers. */
export function watchLog(): LogWatch {
  const bus = createLogBus({ capacity: CAPACITY });
  const problems: string[] = [];
  let lines = 0;
  const addProblem = (fault: string): void => {
    if (problems.length < MAX_FAULTS) problems.push(fault);
  };
  const write = logFor('server', bus.append);
  const forget = bus.subscribe((records) => {
    for (const record of records) {
      lines += 1;
      const wrong = describeViolation(record);
      if (wrong !== null) addProblem(`a line of the log ${wrong}: ${JSON.stringify(record)}`);
    }
  });
  return {
    log(event, fields = {}, level) {
      const isProblem = event === 'ERROR' || event === 'WARNING';
      if (isProblem && !EXPECTED_TYPES.includes(fields.type)) addProblem(`the server logged ${JSON.stringify(fields)}`);
      write(event, fields, level);
    },
    get lines() {
      return lines;
    },
    problems,
    stop() {
      bus.flush();
      forget();
    },
  };
}

/** Any secret of 32 bytes in base64url. */
const SECRET = /[A-Za-z0-9_-]{43}/;

/** Describes what is wrong with a record: a control character, too long, or a secret. Null if nothing is. */
export function describeViolation(record: LogRecord): string | null {
  const { text, fields } = toLine(record);
  const values = Object.values(fields).map(String);
  for (const part of [text, ...values]) {
    if (/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(part)) return 'has a control character';
    if (part.includes(TOKEN) || SECRET.test(part)) return 'holds a secret';
  }
  if (text.length > MAX_TEXT) return `has a text of ${text.length} characters`;
  const length = values.join('').length;
  return length > MAX_FIELD_TEXT ? `has fields of ${length} characters` : null;
}
