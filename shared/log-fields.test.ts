import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogFields } from './log-catalogue.ts';
import { FIELD_NAME, MAX_FIELD_TEXT, safeFields, textLength } from './log-fields.ts';
import { sanitise } from './sanitise.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 50 }).map((text) => text.repeat(200)),
  fc.constantFrom('\r\n', '\u202e', '\ud83d', '\0'),
);
const anyFields = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.constantFrom('__proto__', 'a | b', 'Größe', '')),
  fc.oneof(anyText, fc.double(), fc.boolean()),
  { maxKeys: 16 },
);

describe('safeFields', () => {
  test('H48 property: every field stays, with a valid name and a value that is safe and survives JSON', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const safe = safeFields(fields);
        const entries = Object.entries(safe);
        expect(entries).toHaveLength(Object.keys(fields).length);
        expect(JSON.parse(JSON.stringify(safe))).toEqual(
          Object.fromEntries(entries.map(([name, value]) => [name, Object.is(value, -0) ? 0 : value])),
        );
        for (const [name, value] of entries) {
          expect(name).toMatch(FIELD_NAME);
          if (typeof value === 'string') expect(sanitise(value, MAX_FIELD_TEXT)).toBe(value);
        }
        expect(textLength(safe)).toBeLessThanOrEqual(MAX_FIELD_TEXT);
      }),
    );
  });

  test('property: safe fields do not change', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const safe = safeFields(fields);
        expect(safeFields(safe)).toEqual(safe);
        expect(Object.keys(safeFields(safe))).toEqual(Object.keys(safe));
      }),
    );
  });

  test('numbers that JSON can’t hold, and anything that is no plain value, become text', () => {
    const fields = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: undefined, d: 0 } as unknown as LogFields;
    expect(safeFields(fields)).toEqual({ a: 'NaN', b: 'Infinity', c: 'undefined', d: 0 });
  });

  test('a name that could forge a line is spelled as a name, and keeps its value', () => {
    const fields = safeFields({ 'a | session': 'x', 'A = session': 'y', '1st': 2, __proto__: 'lost by the language' });
    expect(fields).toEqual({ a___session: 'x', a___session_2: 'y', f1st: 2 });
    // Also if the name that it would get comes later.
    expect(safeFields({ '': 1, f: 2 })).toEqual({ f_2: 1, f: 2 });
    expect(safeFields({ A: 1, a: 2 })).toEqual({ a_2: 1, a: 2 });
  });

  test('a long text takes the room that the others leave, and short ones are never cut', () => {
    const texts = safeFields({ detail: 'x'.repeat(5_000), type: 't'.repeat(256), code: 1006, why: 'y'.repeat(4_000) });
    expect(Object.values(texts).map((value) => (typeof value === 'string' ? value.length : value))).toEqual([
      4_096 - 256 - 256,
      256,
      1006,
      256,
    ]);
    expect(String(texts.detail)).toMatch(/x…$/);
    expect(safeFields({ detail: 'x'.repeat(4_000), type: 'short' })).toEqual({
      detail: 'x'.repeat(4_000),
      type: 'short',
    });
  });
});
