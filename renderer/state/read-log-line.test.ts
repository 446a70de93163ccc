import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogRecord } from '../../shared/log-event.ts';
import { textOf } from '../../shared/log-line.ts';
import { readLogLine } from './read-log-line.ts';

const base = { seq: 7, time: 1_000.25, side: 'server', level: 'info' };
const read = (line: object) => readLogLine(JSON.stringify({ ...base, ...line }));

describe('a line of this version', () => {
  test('has its record, without what is computed of it', () => {
    const fields = { session: 'k3J9', attempt: 1, resumed: false };
    const line = { event: 'WS_CONNECTED', side: 'client', fields, window: 'abcd2345' };
    expect(read({ ...line, text: '🎯 WS_CONNECTED | …', session_id: 'k3J9' })).toEqual({
      record: { time: 1_000.25, level: 'info', ...line },
      seq: 7,
      recorded: true,
    });
  });

  test('that the host had not recorded has no number', () => {
    expect(read({ seq: undefined, recorded: false, event: 'PRESS', fields: { doing: 'start' } })).toMatchObject({
      record: { event: 'PRESS' },
      seq: null,
      recorded: false,
    });
  });
});

describe('a line of an earlier version, which has a text and no fields', () => {
  test('has the fields of its text', () => {
    const line = {
      event: 'WS_SEND',
      text: '📤 WS_SEND | session=12345 | event=connected | attempt=1',
      session_id: '12345',
    };
    expect(read(line)?.record).toMatchObject({
      event: 'WS_SEND',
      fields: { session: '12345', event: 'connected', attempt: 1 },
    });
  });

  test('keeps a text that can’t be taken apart', () => {
    const line = { event: 'HEALTH_WARNING', text: '🌡️ many connections are slow', session_id: 's' };
    const record = read(line)?.record;
    expect(record).toMatchObject({
      event: 'OTHER',
      fields: { event_name: 'HEALTH_WARNING', text: 'many connections are slow', session: 's' },
    });
    expect(textOf(record as LogRecord)).toBe('❔ HEALTH_WARNING | many connections are slow | session=s');
  });
});

describe('what this version does not know is kept', () => {
  test('an event, with its fields', () => {
    const record = read({
      event: 'WHISPER_HEARD',
      fields: { loud: false },
      text: '🤫 WHISPER_HEARD | loud=false',
    })?.record;
    expect(record).toMatchObject({ event: 'OTHER', fields: { event_name: 'WHISPER_HEARD', loud: false } });
    expect(textOf(record as LogRecord)).toBe('❔ WHISPER_HEARD | loud=false');
    expect(read({ event: 'toString', fields: {} })?.record.event).toBe('OTHER');
    expect(read({ event: 'WHISPER_HEARD', text: '🤫 WHISPER_HEARD | n=2' })?.record.fields).toEqual({
      event_name: 'WHISPER_HEARD',
      n: 2,
    });
  });

  test('a level or a side: no filter for problems hides them', () => {
    expect(read({ event: 'AUDIO', level: 'fatal', side: 'plugin', fields: {} })?.record).toMatchObject({
      event: 'AUDIO',
      level: 'warn',
      side: 'app',
      fields: { level_name: 'fatal', side_name: 'plugin' },
    });
  });

  test('values in fields that are no plain values, and keys of the line', () => {
    const fields = { nested: { a: [1] }, none: null };
    expect(read({ event: 'AUDIO', fields, thread: 3, window: 'x' })?.record.fields).toEqual({
      nested: '{"a":[1]}',
      none: 'null',
      window_name: 'x',
      thread: 3,
    });
  });

  test('more fields than are kept are counted', () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i]));
    const read100 = read({ event: 'AUDIO', fields })?.record.fields ?? {};
    expect(Object.keys(read100)).toHaveLength(65);
    expect(read100.more_fields).toBe(36);
  });
});

test.each([
  ['no JSON', 'hello'],
  ['a list', '[1]'],
  ['a text', '"text"'],
  ['an object without a time', '{"event":"AUDIO","fields":{}}'],
  ['a time that no date has', '{"time":1e300,"event":"AUDIO","fields":{}}'],
  ['neither event nor text', '{"time":1}'],
  ['half a line', '{"seq":1,"time":17'],
  ['brackets without end', '['.repeat(100_000)],
])('%s is no line of a log', (_, line) => {
  expect(readLogLine(line)).toBeNull();
});

test('property: any JSON gives a valid, safe record or none', () => {
  const key = fc.constantFrom(
    'time',
    'event',
    'fields',
    'level',
    'side',
    'text',
    'session_id',
    'window',
    'seq',
    '__proto__',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(1, 'WS_SEND', 'PRESS', 'OTHER', 'warn', '\u202e🔌 WS_SEND | a=\u0000'),
    fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 5 }),
  );
  const line = fc.dictionary(key, value).map((some) => ({ time: 5, event: 'WS_SEND', ...some }));
  fc.assert(
    fc.property(line, (any) => {
      const found = readLogLine(JSON.stringify(any));
      if (found === null) return;
      const record = { seq: 1, ...found.record };
      expect(LogRecord.parse(record)).toEqual(record);
      expect(`${textOf(record)}${Object.values(record.fields).join('')}`).not.toMatch(/[\p{Cc}\u202e]/u);
    }),
    { numRuns: 500 },
  );
});
