/** Allowed licences (SPDX) of packages in the app. They require no more than a notice, which the build includes. */
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
  // Fonts: it also forbids to sell them by themselves, and to use their names for changed ones.
  'OFL-1.1',
]);

/** Allowed licences of packages that build, test or measure the app and are not distributed with it. */
export const DEVELOPMENT: ReadonlySet<string> = new Set([...SHIPPED, 'MPL-2.0', 'Python-2.0', 'WTFPL']);

/**
 * Whether a licence expression (SPDX 2.3, annex D) offers one of these licences. It understands only single licences
 * and choices, `A` or `(A OR B)`. Anything else, such as AND or WITH, is not allowed until a person has read it.
 */
export function isAllowed(expression: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  const choice = /^\((.*)\)$/.exec(expression)?.[1] ?? expression;
  return choice.split(' OR ').some((licence) => allowed.has(licence));
}
