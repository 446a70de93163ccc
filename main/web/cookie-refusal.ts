import { createHash } from 'node:crypto';
import { headerValues } from '../guard/headers.ts';
import { text } from '../text/text.ts';
import type { PageRefusal } from './page-guard.ts';

/**
 * Maximum size of the cookies in a request for the page (bytes). Browsers send the cookies of other local programs with
 * the same host name, on any port. 2 KiB less than the limit for all headers: WebSocket requests have some 400
 * bytes more than page requests, and must not fail for a page that was served.
 */
export const MAX_COOKIE_BYTES = 14 * 1024;

/** Whether the `Cookie` headers of a request together exceed `MAX_COOKIE_BYTES`. */
export function hasTooManyCookies(rawHeaders: readonly string[]): boolean {
  const { cookie } = headerValues(rawHeaders, ['cookie']);
  return cookie.reduce((bytes, value) => bytes + value.length, 0) > MAX_COOKIE_BYTES;
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:34rem;margin:18vh auto 0;padding:0 24px}
h1{font-size:22px;line-height:1.3}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
/** The policy of the refusal page. It loads nothing, because further requests would have the same cookies. */
const CSP = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * Explains why the page is refused and what the user can do. An HTML page for a navigation, plain text for other
 * requests.
 * @param rawHeaders headers with Earshot's own name as their only `Host` (`checkRequest` has passed)
 */
export function cookieRefusal(rawHeaders: readonly string[]): PageRefusal {
  const { host, accept } = headerValues(rawHeaders, ['host', 'accept']);
  const name = (host[0] ?? '').replace(/:\d+$/, '');
  const { title, heading } = text.refusal.cookies;
  const sentences = text.refusal.cookies.sentences({ name });
  const common = { status: 431, why: 'too many cookies' } as const;
  const noStore = { 'Cache-Control': 'no-store' };
  if (!accept.some((value) => value.includes('text/html')))
    return { ...common, headers: noStore, body: `${heading}.\n${sentences.join('\n')}` };
  return {
    ...common,
    headers: { ...noStore, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': CSP },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${heading}</h1>
${sentences.map((sentence) => `<p>${sentence}</p>`).join('\n')}
</main>
</html>`,
  };
}
