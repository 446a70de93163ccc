/**
 * The link page is what a printed link opens in a browser. Its origin is a random subdomain of the page's, made anew at
 * each launch, so no other program can have used it before. It sends `POST /reset` to the page's origin. The response
 * makes the browser clear that origin's site data, including service workers and cached pages. Then it redirects to the
 * page.
 */

/** Path of the request that clears the site data: `POST /reset?nonce=<22 characters>`, at the page's origin. */
export const RESET_PATH = '/reset';

/** Body of the response, as JSON. */
export interface ResetAnswer {
  /** The host's proof (shared/proof.ts), with `/reset` as the path and the link's origin. */
  proof: string;
  /** Value of the cookie `PASS_COOKIE`. With it, later visits are redirected to the page immediately. */
  pass: string;
}

/** Name of the cookie that the link page sets for its own origin. */
export const PASS_COOKIE = 'earshot-pass';
