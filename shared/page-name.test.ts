import { expect, test } from 'vitest';
import { isPageName, nameOf } from './page-name.ts';

const LABEL = 'abcdefghijklmnopqrstuvwx27';

test('a label of 26 letters and digits below localhost is a name', () => {
  expect(isPageName(nameOf(LABEL))).toBe(true);
});

test.each([
  '',
  'localhost',
  LABEL,
  `${LABEL}.`,
  `${LABEL}.localhost.`,
  `${LABEL}.localhost:80`,
  `${LABEL}.example`,
  `${LABEL}.localhost.example`,
  `${LABEL}.${LABEL}.localhost`,
  `${LABEL.toUpperCase()}.localhost`,
  `${LABEL}a.localhost`,
  `${LABEL.slice(1)}.localhost`,
  `${LABEL.slice(1)}1.localhost`,
  `.${LABEL}.localhost`,
  '127.0.0.1',
])('%j is none', (name) => {
  expect(isPageName(name)).toBe(false);
});
