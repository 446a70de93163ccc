/**
 * Licences (SPDX identifiers) of what may be in the app: all a notice asks for is to be carried along, which the build
 * does.
 */
export const SHIPPED: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

/** What may build, test and measure it, and is handed on to nobody. */
export const DEVELOPMENT: ReadonlySet<string> = new Set([...SHIPPED, 'MPL-2.0', 'Python-2.0', 'WTFPL']);

/**
 * Whether a licence expression (SPDX 2.3, annex D) holds one of these licences to choose. Of the grammar only a choice
 * is known, `A` or `(A OR B)`: anything else, such as AND or WITH, is not allowed until a person has read it.
 */
export function isAllowed(expression: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  const choice = /^\((.*)\)$/.exec(expression)?.[1] ?? expression;
  return choice.split(' OR ').some((licence) => allowed.has(licence));
}
