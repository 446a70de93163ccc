import type { LogFields } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';

/** Longest string that is shared. Longer ones hardly ever occur twice. */
const MAX_SHARED_LENGTH = 64;
/** Most strings that are remembered. Above it, all are forgotten, which costs memory only. */
const MAX_STRINGS = 20_000;

/**
 * Copies records so that they need little memory: equal strings, such as the names of events and the ids of sessions,
 * are shared. Each that arrives over the bridge is a string of its own.
 */
export function createCompactor(): (record: LogRecord) => LogRecord {
  const strings = new Map<string, string>();

  function share<Text extends string>(text: Text): Text {
    if (text.length > MAX_SHARED_LENGTH) return text;
    const shared = strings.get(text);
    if (shared !== undefined) return shared as Text;
    if (strings.size >= MAX_STRINGS) strings.clear();
    strings.set(text, text);
    return text;
  }

  return (record) => {
    const fields: LogFields = {};
    for (const name of Object.keys(record.fields)) {
      const value = record.fields[name] as LogFields[string];
      fields[share(name)] = typeof value === 'string' ? share(value) : value;
    }
    const { seq, time, side, level, event, window } = record;
    const compact: LogRecord = { seq, time, side: share(side), level: share(level), event: share(event), fields };
    if (window !== undefined) compact.window = share(window);
    return compact;
  };
}
