import { describe, expect, test, vi } from 'vitest';
import { LogDraft, logFor } from './log-event.ts';

describe('LogDraft', () => {
  const draft = { time: 1, side: 'client', event: 'PRESS', fields: { doing: 'connect' } };
  test.each([
    ['an event that is not in the catalogue', { ...draft, event: 'toString' }],
    ['an event that only lines of a file have', { ...draft, event: 'OTHER' }],
    ['a window that is not an ID', { ...draft, window: 'a | b' }],
    ['a field that is no plain value', { ...draft, fields: { a: { b: 1 } } }],
    ['a field name that could forge a line', { ...draft, fields: { 'a | b': 1 } }],
    [
      'more than 16 fields',
      { ...draft, fields: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i])) },
    ],
    ['a value over 4 KiB', { ...draft, fields: { a: 'x'.repeat(4097) } }],
    ['a time before the epoch', { ...draft, time: -1 }],
    ['a time that is no number', { ...draft, time: Number.NaN }],
  ])('refuses %s', (_, value) => {
    expect(LogDraft.safeParse(draft).success).toBe(true);
    expect(LogDraft.safeParse(value).success).toBe(false);
  });
});

test('logFor adds the side and the time, and the level only if given', () => {
  const sink = vi.fn<(draft: LogDraft) => void>();
  const log = logFor('client', sink);
  log('PRESS', { doing: 'connect' });
  log('WS_OPEN', {}, 'debug');
  expect(sink.mock.calls).toEqual([
    [{ time: expect.any(Number), side: 'client', event: 'PRESS', fields: { doing: 'connect' } }],
    [{ time: expect.any(Number), side: 'client', event: 'WS_OPEN', fields: {}, level: 'debug' }],
  ]);
});
