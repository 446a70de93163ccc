import { expect, test } from 'vitest';
import { record } from '../testing/fakes.ts';
import { createCompactor } from './compact-record.ts';

test('a compact record has the same content in the same order', () => {
  const compact = createCompactor();
  const long = 'x'.repeat(200);
  const line = record(1, { side: 'client', window: 'abcd2345', fields: { session: 's1', ok: true, ms: 1.5, long } });
  expect(JSON.stringify(compact(line))).toBe(JSON.stringify(line));
  const plain = record(2);
  expect(JSON.stringify(compact(plain))).toBe(JSON.stringify(plain));
});
