/**
 * Host names below `localhost`, which resolve to the loopback address (RFC 6761 section 6.3). A random name is an
 * origin that no other program's page can have used.
 */

/** Random bytes in a label. */
export const LABEL_BYTES = 16;
/** 16 bytes as hexadecimal digits, in lower case because host names are case-insensitive. */
const LABEL = /^[0-9a-f]{32}$/;

/** @returns the host name of a label below `localhost` */
export function pageNameOf(label: string): string {
  return `${label}.localhost`;
}

/** Whether this is the host name of an installation's page: one random label below `localhost`. */
export function isPageName(name: string): boolean {
  const [label = ''] = name.split('.', 1);
  return LABEL.test(label) && name === pageNameOf(label);
}
