import { describe, expect, test } from 'vitest';
import { DEVELOPMENT, isAllowed, SHIPPED } from './allowed.ts';

describe('a licence', () => {
  test.each(['MIT', 'Apache-2.0', 'WTFPL OR ISC', '(MIT OR GPL-3.0-only)'])('is allowed: %s', (expression) => {
    expect(isAllowed(expression, SHIPPED)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    '(MIT AND GPL-3.0-only)',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'SEE LICENSE IN LICENSE',
    'UNLICENSED',
    'mit',
  ])('is not allowed until a person has read it: %s', (expression) => {
    expect(isAllowed(expression, SHIPPED)).toBe(false);
    expect(isAllowed(expression, DEVELOPMENT)).toBe(false);
  });

  test('that requires more than a notice is allowed only for tools', () => {
    expect([isAllowed('MPL-2.0', SHIPPED), isAllowed('MPL-2.0', DEVELOPMENT)]).toEqual([false, true]);
  });
});
