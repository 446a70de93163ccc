import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitFields } from './fit-fields.ts';

const field = (name: string, value: string) => ({ name, value, raw: null });
const FIELDS = [field('event', 'connected'), field('attempt', '1'), field('detail', 'x'.repeat(60))];

test('all fields are shown where there is room', () => {
  expect(fitFields(7, FIELDS, 200)).toEqual({ fields: FIELDS, hidden: 0 });
});

test('fields that do not fit are left out as a whole, and counted', () => {
  expect(fitFields(7, FIELDS, 60)).toEqual({ fields: FIELDS.slice(0, 2), hidden: 1 });
  expect(fitFields(7, FIELDS, 10)).toEqual({ fields: [], hidden: 3 });
});

test('a value is shown without its meaning where only that fits', () => {
  const code = { name: 'code', value: '1006 (it broke without a goodbye)', raw: '1006' };
  expect(fitFields(13, [code], 60)).toEqual({ fields: [code], hidden: 0 });
  expect(fitFields(13, [code], 30)).toEqual({ fields: [{ ...code, value: '1006' }], hidden: 0 });
  expect(fitFields(13, [code], 20)).toEqual({ fields: [], hidden: 1 });
  const level = { name: 'peak_dbfs', value: '−9.5\u00a0dBFS (good level)', raw: '-9.5' };
  expect(fitFields(5, [level], 32)).toEqual({ fields: [{ ...level, value: '−9.5\u00a0dBFS' }], hidden: 0 });
});

test('property: what is shown fits, in its order, and shown and hidden are all', () => {
  const text = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(fc.nat(30), fc.array(fc.tuple(text, text)), fc.nat(200), (title, pairs, room) => {
      const fields = pairs.map(([name, value]) => field(name, value));
      const fitted = fitFields(title, fields, room);
      expect(fitted.fields).toEqual(fields.slice(0, fitted.fields.length));
      expect(fitted.fields.length + fitted.hidden).toBe(fields.length);
      const width = fitted.fields.reduce((sum, { name, value }) => sum + 4 + name.length + value.length, title);
      if (fitted.fields.length > 0) expect(width).toBeLessThanOrEqual(room);
    }),
  );
});
