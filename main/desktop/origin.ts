/** The scheme of the page's URL; registered as privileged in scheme.ts. */
export const SCHEME = 'earshot';
const HOST = 'app';
/** The page's origin, as Chromium writes it in an `Origin` header. */
export const ORIGIN = `${SCHEME}://${HOST}`;
export const START_URL = `${ORIGIN}/index.html`;

/**
 * Whether a URL or an origin is that of Earshot's page.
 * Compares protocol and host instead of `URL.origin`, which is always "null" for a scheme that Node does not know.
 */
export function isOwnUrl(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** Scheme, host and port, for the log. The rest of a blocked URL may contain data that a page tried to send out. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
