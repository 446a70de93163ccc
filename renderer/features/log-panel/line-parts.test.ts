import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName } from '../../../shared/log-catalogue.ts';
import { composeText } from '../../../shared/log-line.ts';
import { record } from '../../testing/fakes.ts';
import { partsOf, plainText } from './line-parts.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

describe('the parts of a log line', () => {
  test('the title comes first, and the session is separate', () => {
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

  test('a sentence from the catalogue becomes the title', () => {
    const line = record(1, { event: 'WS_OPEN', text: composeText('WS_OPEN', {}) });
    expect(partsOf(line)).toEqual({ title: 'WebSocket connection opened', fields: [], session: null });
  });

  test('a value that names another session is not the line’s session', () => {
    const line = record(1, { session_id: 'mine', text: '📤 WS_SEND | session=mine | detail=a | session=other' });
    expect(partsOf(line)).toMatchObject({
      session: 'mine',
      fields: [
        { name: 'detail', value: 'a' },
        { name: 'session', value: 'other' },
      ],
    });
  });

  test('no line in the window begins with an emoji', () => {
    for (const event of EVENTS) {
      const text = composeText(event, { ms: 1, failures: 1, url: 'u', state: 's', doing: 'start' });
      expect(plainText({ event, text })).not.toMatch(/\p{Extended_Pictographic}/u);
    }
  });

  test('no part of a text is lost, whatever the values contain', () => {
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
