import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, composeText, type LogEventName } from '../../../shared/log-event.ts';
import { record } from '../../testing/fakes.ts';
import { partsOf, plainText } from './line-parts.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

describe('a log line taken apart', () => {
  test('what matters first, the session apart', () => {
    const fields = { session: 'abcdefghijkl', event: 'connected', attempt: 1 };
    const line = record(1, { event: 'WS_SEND', session_id: 'abcdefghijkl', text: composeText('WS_SEND', fields) });
    expect(partsOf(line)).toEqual({
      title: 'WS_SEND',
      fields: [
        { name: 'event', value: 'connected' },
        { name: 'attempt', value: '1' },
      ],
      session: 'abcdefghijkl',
    });
  });

  test('a sentence of the catalogue is its title', () => {
    const line = record(1, { event: 'WS_OPEN', text: composeText('WS_OPEN', {}) });
    expect(partsOf(line)).toEqual({ title: 'WebSocket connection opened', fields: [], session: null });
  });

  test('another session that a value names is not taken for the line’s own', () => {
    const line = record(1, { session_id: 'mine', text: '📤 WS_SEND | session=mine | detail=a | session=other' });
    expect(partsOf(line)).toMatchObject({
      session: 'mine',
      fields: [
        { name: 'detail', value: 'a' },
        { name: 'session', value: 'other' },
      ],
    });
  });

  test('no event begins with an emoji in the window', () => {
    for (const event of EVENTS) {
      const text = composeText(event, { ms: 1, failures: 1, url: 'u', state: 's', doing: 'start' });
      expect(plainText({ event, text })).not.toMatch(/\p{Extended_Pictographic}/u);
    }
  });

  test('every part of a text is kept, whatever stands in the values', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (label, detail) => {
        const line = record(1, { event: 'WARNING', text: composeText('WARNING', { label, detail }) });
        const { title, fields } = partsOf(line);
        const again = [title, ...fields.map(({ name, value }) => (name ? `${name}=${value}` : value))].join(' | ');
        expect(again).toBe(plainText(line));
      }),
    );
  });
});
