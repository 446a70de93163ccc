/**
 * Names below `localhost`, which lead to this machine and nowhere else (RFC 6761 section 6.3). One that nobody can guess
 * is an origin that no other program's page can have had.
 */

/** Random bytes in a label. */
export const LABEL_BYTES = 16;
/** 16 bytes in hexadecimal digits, in lower case: names have no case. */
const LABEL = /^[0-9a-f]{32}$/;

/** The name of one label below `localhost`. */
export function nameOf(label: string): string {
  return `${label}.localhost`;
}

/** Whether this is the name of an installation's page: one label below `localhost`. */
export function isPageName(name: string): boolean {
  const [label = ''] = name.split('.', 1);
  return LABEL.test(label) && name === nameOf(label);
}
