import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type EventKind, type LogEventName } from '../../shared/log-catalogue.ts';
import { safeFields } from '../../shared/log-fields.ts';
import { composeText } from '../../shared/log-line.ts';
import { fieldsOfText, withoutIcon } from './old-log-text.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];
const read = (event: LogEventName, fields: Parameters<typeof composeText>[1]) =>
  fieldsOfText(event, withoutIcon(composeText(event, fields)));

describe('the fields of a text', () => {
  test('are those it was composed of, with numbers and truth values', () => {
    const fields = { session: 'k3J9', attempt: 3, resumed: true, peak_dbfs: -9.5, why: 'no answer' };
    expect(read('WS_SEND', fields)).toEqual(fields);
    expect(Object.keys(read('WS_SEND', fields) ?? {})).toEqual(Object.keys(fields));
  });

  test('a value with the separator stays one value', () => {
    expect(read('WARNING', { label: 'Desk | of Ann', code: '007' })).toEqual({ label: 'Desk | of Ann', code: '007' });
    expect(fieldsOfText('WARNING', 'WARNING | of Ann | too | a=1')).toEqual({ text: 'of Ann | too', a: 1 });
  });

  test('are found in the sentences of the catalogue', () => {
    expect(read('PRESS', { doing: 'start' })).toEqual({ doing: 'start' });
    expect(read('WS_CONNECTING', { url: 'ws://x/?a=(b)' })).toEqual({ url: 'ws://x/?a=(b)' });
    expect(read('RECONNECTING', { ms: 250, failures: 2 })).toEqual({ ms: 250, failures: 2 });
    expect(read('WS_OPEN', {})).toEqual({});
    expect(read('MIC_CHANGED', { label: 'Desk', instead_of: 'Head', why: 'unplugged' })).toEqual({
      label: 'Desk',
      instead_of: 'Head',
      why: 'unplugged',
    });
  });

  test('are null if a sentence calculates with a field or has another wording', () => {
    expect(read('SERVER_RESTARTING', { server: 'voice', ms: 2_000, tries: 1 })).toBeNull();
    expect(fieldsOfText('PRESS', 'The button was pressed (start)')).toBeNull();
    expect(fieldsOfText('PRESS', `Mic button pressed (${'x'.repeat(100_000)})`)).toBeNull();
    expect(fieldsOfText('constructor', 'anything')).toBeNull();
  });

  test('are read for an event that this version does not know', () => {
    expect(fieldsOfText('NEW_EVENT', 'NEW_EVENT | a=1')).toEqual({ a: 1 });
  });

  test('property: fields that were read compose the same text again', () => {
    const values = fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.double({ noNaN: true }), fc.boolean());
    const names = fc.constantFrom('session', 'url', 'ms', 'state', 'label', 'why', 'seconds', 'server');
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fc.dictionary(names, values, { maxKeys: 6 }), (event, fields) => {
        const text = composeText(event, safeFields(fields));
        const found = fieldsOfText(event, withoutIcon(text));
        const { sentence }: EventKind = CATALOGUE[event];
        if (found === null) expect(sentence).toBeDefined();
        else if (!('text' in found)) expect(composeText(event, found)).toBe(text);
      }),
    );
  });
});

test('every icon of the catalogue is removed, and nothing else', () => {
  for (const event of EVENTS) expect(withoutIcon(`${CATALOGUE[event].icon} text 🔌 x`)).toBe('text 🔌 x');
  expect(withoutIcon('no icon')).toBe('no icon');
});
