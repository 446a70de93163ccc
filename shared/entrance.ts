/**
 * How a printed link leads to the page of a tab. It names an origin of this launch alone, below the page's own, which no other
 * program's page can have had. The page there asks the page's origin to have everything removed that a browser keeps of it,
 * a service worker and cached pages among it, and goes on there.
 */

/** Where it asks, at the page's origin: `POST /reset?nonce=<22 characters>`. */
export const RESET_PATH = '/reset';

/** The answer. */
export interface ResetAnswer {
  /** The host's (shared/proof.ts), with `/reset` as the path and the link's origin: whoever answers must be the host. */
  proof: string;
  /** What a browser shows the next time, as the cookie `PASS_COOKIE`, to go straight on to the page. */
  pass: string;
}

/** Of the link's own origin. */
export const PASS_COOKIE = 'earshot-pass';
