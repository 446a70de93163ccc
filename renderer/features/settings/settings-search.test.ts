import { expect, test } from 'vitest';
import { matchesSearch } from './settings-search.ts';

const TEXTS = { label: 'Länge der Aufnahme', choices: { off: 'Aus' }, minutes: () => 'minutes', hint: 'The system’s' };

test.each(['', '  ', 'aufnahme', 'LANGE', 'aus länge', 'systems', "system's"])('%j finds the field', (query) => {
  expect(matchesSearch(query, TEXTS)).toBe(true);
});

test.each(['minutes', 'aus xyz', 'label'])('%j does not', (query) => {
  expect(matchesSearch(query, TEXTS)).toBe(false);
});
