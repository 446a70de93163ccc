import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText, UNSAFE_CHARACTER } from '../testing/hostile-text.ts';
import { CATALOGUE, type LogEventName, type LoggedEventName } from './log-catalogue.ts';
import { LogRecord } from './log-event.ts';
import { composeRecord, composeText, LogLine, sessionOf, textOf, toLine } from './log-line.ts';
import { MAX_TEXT } from './sanitise.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];
const LOGGED = EVENTS.filter((event): event is LoggedEventName => event !== 'OTHER');

describe('composeText', () => {
  test('composes the documented lines', () => {
    expect(composeText('WS_CONNECT', { session: 'k3J9', user: 'me' })).toBe('🔌 WS_CONNECT | session=k3J9 | user=me');
    expect(composeText('WS_SEND', { session: 'k3J9', event: 'connected' })).toBe(
      '📤 WS_SEND | session=k3J9 | event=connected',
    );
    expect(composeText('ERROR', { type: 'send_connected_failed' })).toBe('❌ ERROR | type=send_connected_failed');
    expect(composeText('WS_CONNECTING', { url: 'ws://127.0.0.1:5/ws/voice?user_id=me' })).toBe(
      '📡 Connecting to ws://127.0.0.1:5/ws/voice?user_id=me',
    );
    expect(composeText('WS_OPEN', {})).toBe('🔗 WebSocket connection opened');
    expect(composeText('VOICE_CHANGED', { state: 'listening' })).toBe('🔄 Voice state changed: listening');
    expect(composeText('AUDIO', { frames: 50, lost: false })).toBe('🎙️ AUDIO | frames=50 | lost=false');
  });

  test.each(EVENTS)('%s starts with its icon, unchanged', (event) => {
    expect(composeText(event, {}).startsWith(`${CATALOGUE[event].icon} `)).toBe(true);
  });

  test('H48 property: hostile text in any field of any event gives one safe line of at most 300 characters', () => {
    const fields = fc.dictionary(
      fc.oneof(fc.constantFrom('session', 'url', 'state', 'doing', 'ms', 'failures', '__proto__'), hostileText(20)),
      fc.oneof(hostileText(300), fc.double(), fc.boolean()),
      { maxKeys: 16 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fields, (event, values) => {
        const text = composeText(event, values);
        expect(text).not.toMatch(UNSAFE_CHARACTER);
        expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(text.startsWith(CATALOGUE[event].icon)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('H48 one long field does not displace the next one', () => {
    expect(composeText('WS_REFUSED', { origin: 'x'.repeat(4_000), status: 403 })).toMatch(/x… \| status=403$/);
  });
});

describe('a record', () => {
  const draft = { time: 5, side: 'client', event: 'WS_SEND', fields: { session: 'k3J9', event: 'ready' } } as const;

  test('has the catalogue’s level unless the event has its own, and keeps the order of its fields', () => {
    expect(composeRecord(draft, 7)).toEqual({ seq: 7, level: 'info', ...draft });
    expect(composeRecord({ ...draft, level: 'debug' }, 7).level).toBe('debug');
    const { fields } = composeRecord({ ...draft, fields: { b: 1, a: 2 } }, 7);
    expect(Object.keys(fields)).toEqual(['b', 'a']);
  });

  test('has the page that logged it only if it is of the client', () => {
    const window = 'abcd2345';
    expect(composeRecord({ ...draft, window }, 1).window).toBe(window);
    for (const side of ['server', 'app'] as const)
      expect(composeRecord({ ...draft, side, window }, 1)).not.toHaveProperty('window');
  });

  test('the text has at most 200 characters of a value, the field has all', () => {
    const detail = 'x'.repeat(1_000);
    const record = composeRecord({ ...draft, fields: { detail, code: 7 } }, 1);
    expect(record.fields.detail).toBe(detail);
    expect(textOf(record)).toBe(`📤 WS_SEND | detail=${'x'.repeat(199)}… | code=7`);
  });

  test('the session is the field of that name if it is text, cut to the length of an ID', () => {
    expect(sessionOf({ fields: { session: 'k3J9' } })).toBe('k3J9');
    expect(sessionOf({ fields: { session: 'x'.repeat(65) } })).toBe(`${'x'.repeat(63)}…`);
    expect(sessionOf({ fields: { session: 42 } })).toBeUndefined();
    expect(sessionOf({ fields: {} })).toBeUndefined();
  });

  test('its line for a file has the text and the session as well', () => {
    const record = composeRecord({ ...draft, window: 'abcd2345' }, 7);
    expect(JSON.stringify(toLine(record))).toBe(
      '{"seq":7,"time":5,"side":"client","level":"info","event":"WS_SEND","text":"📤 WS_SEND | session=k3J9 | event=ready",' +
        '"session_id":"k3J9","fields":{"session":"k3J9","event":"ready"},"window":"abcd2345"}',
    );
    expect(toLine(composeRecord({ ...draft, fields: {} }, 7))).not.toHaveProperty('session_id');
  });

  test('H48 property: whatever the host logs, the record and its line are valid and safe', () => {
    const anyDraft = fc.record({
      time: fc.double({ noNaN: true, noDefaultInfinity: true }),
      side: fc.constantFrom('server', 'client', 'app'),
      event: fc.constantFrom(...LOGGED),
      fields: fc.dictionary(hostileText(10), fc.oneof(hostileText(600), fc.double(), fc.boolean()), { maxKeys: 16 }),
    });
    fc.assert(
      fc.property(anyDraft, (any) => {
        const record = composeRecord(any, 1);
        expect(LogRecord.parse(record)).toEqual(record);
        const line = toLine(record);
        expect(LogLine.parse(line)).toEqual(line);
        for (const value of [line.text, line.session_id ?? '', ...Object.values(line.fields)])
          expect(String(value)).not.toMatch(UNSAFE_CHARACTER);
      }),
    );
  });
});
