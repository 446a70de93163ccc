import { expect, test } from 'vitest';
import { isPageName, pageNameOf } from './page-name.ts';

const LABEL = '0123456789abcdef0123456789abcdef';

test('a label of 32 hexadecimal digits below localhost is a page name', () => {
  expect(isPageName(pageNameOf(LABEL))).toBe(true);
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
  `${LABEL.slice(1)}g.localhost`,
  `.${LABEL}.localhost`,
  '127.0.0.1',
])('%j is not a page name', (name) => {
  expect(isPageName(name)).toBe(false);
});
