import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName } from '../../../shared/log-catalogue.ts';
import { record } from '../../testing/fakes.ts';
import { partsOf, plainText } from './line-parts.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

describe('the parts of a log line', () => {
  test('the title comes first, and the session is separate', () => {
    const fields = { session: 'abcdefghijkl', event: 'connected', attempt: 1 };
    const line = record(1, { event: 'WS_SEND', fields });
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
    const line = record(1, { event: 'WS_OPEN', fields: {} });
    expect(partsOf(line)).toEqual({ title: 'WebSocket connection opened', fields: [], session: null });
  });

  test('no line in the window begins with an emoji', () => {
    for (const event of EVENTS) {
      const fields = { ms: 1, failures: 1, url: 'u', state: 's', doing: 'start' };
      expect(plainText({ event, fields })).not.toMatch(/\p{Extended_Pictographic}/u);
    }
  });

  test('every value is whole, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string({ maxLength: 400 }), (label, detail) => {
        const { title, fields } = partsOf(record(1, { event: 'WARNING', fields: { label, detail } }));
        expect(title).toBe('WARNING');
        expect(fields).toEqual([
          { name: 'label', value: label },
          { name: 'detail', value: detail },
        ]);
      }),
    );
  });
});
