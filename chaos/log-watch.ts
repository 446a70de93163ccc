import { createLogBus } from '../main/log/bus.ts';
import { type Log, type LogRecord, logFor, MAX_TEXT } from '../shared/log-event.ts';
import { TOKEN } from './host.ts';

/** Records that the bus remembers: fewer than the app's, so that it is full before the heap is measured. */
const CAPACITY = 1_000;
/** So many faults are kept: one repeats itself. */
const MAX_FAULTS = 20;

/** What a peer of whatever kind may make the server say. Everything else of this kind is a fault of ours. */
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
  /** For the server. */
  log: Log;
  /** Lines that came out of the bus. */
  readonly lines: number;
  /** What must not be in a log, in words. */
  readonly faults: readonly string[];
  stop(): void;
}

/** The app's log bus, and somebody who reads every line that comes out of it. */
export function watchLog(): LogWatch {
  const bus = createLogBus({ capacity: CAPACITY });
  const faults: string[] = [];
  let lines = 0;
  const complain = (fault: string): void => {
    if (faults.length < MAX_FAULTS) faults.push(fault);
  };
  const write = logFor('server', bus.append);
  const forget = bus.subscribe((records) => {
    for (const record of records) {
      lines += 1;
      const wrong = findProblems(record);
      if (wrong !== null) complain(`a line of the log ${wrong}: ${JSON.stringify(record.text)}`);
    }
  });
  return {
    log(event, fields = {}, level) {
      const grave = event === 'ERROR' || event === 'WARNING';
      if (grave && !EXPECTED_TYPES.includes(fields.type)) complain(`the server says ${JSON.stringify(fields)}`);
      write(event, fields, level);
    },
    get lines() {
      return lines;
    },
    faults,
    stop() {
      bus.flush();
      forget();
    },
  };
}

/** A secret of 32 bytes in base64url, whosever it is. */
const SECRET = /[A-Za-z0-9_-]{43}/;

/** @returns why a record must not stand in the log, or null */
export function findProblems({ text }: Pick<LogRecord, 'text'>): string | null {
  if (/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text)) return 'has a control character';
  if (text.length > MAX_TEXT) return `has ${text.length} characters`;
  return text.includes(TOKEN) || SECRET.test(text) ? 'holds a secret' : null;
}
