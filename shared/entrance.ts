/**
 * How a printed link leads to the page of a tab. The link's origin is a random subdomain of the page's origin, which no
 * other program can have used before. The page there requests the browser to clear the site data of the page's origin,
 * including service workers and cached pages, and then redirects to it.
 */

/** Path of the request, on the page's origin: `POST /reset?nonce=<22 characters>`. */
export const RESET_PATH = '/reset';

/** Body of the answer. */
export interface ResetAnswer {
  /** The host's proof (shared/proof.ts), with `/reset` as the path and the link's origin. */
  proof: string;
  /** Value of the cookie `PASS_COOKIE`, with which later visits are redirected to the page immediately. */
  pass: string;
}

/** Cookie of the link's origin. */
export const PASS_COOKIE = 'earshot-pass';
