/** The scheme that carries the page in a window; registered as privileged in scheme.ts. */
export const SCHEME = 'earshot';
const HOST = 'app';
/** The page's origin, as Chromium writes it in an `Origin` header. */
export const ORIGIN = `${SCHEME}://${HOST}`;
export const START_URL = `${ORIGIN}/index.html`;

/**
 * Whether a URL or an origin is the page's own.
 * Protocol and host are compared, and not `URL.origin`: for a scheme that Node does not know it is always "null".
 */
export function isOwnUrl(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** Scheme, host and port, for the log. The rest of a URL may hold what somebody tried to carry out. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
