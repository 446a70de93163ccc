import { createClientProof, randomNonce } from '../../shared/client-proof.ts';
import { EarshotError } from '../../shared/errors.ts';
import { PASS_COOKIE, RESET_PATH } from '../../shared/link-page.ts';
import { text } from '../text/text.ts';

/** Time limit (ms) of the request. Browsers clear site data in a fraction of a second. */
const RESET_TIMEOUT_MS = 15_000;

/** The parts of `window` that the redirect uses. */
export interface RedirectEnvironment {
  location: { host: string; origin: string; hash: string; replace(url: string): void };
  fetch: typeof fetch;
  setCookie(cookie: string): void;
}

/**
 * Redirects from the link page to the page, whose origin is the parent domain. First it has the browser clear the site
 * data of that origin: a service worker that another program left there would see the secret. The request contains no
 * secret; the response must contain the host's proof.
 * @throws {EarshotError} `entrance_unproven` if another program answers, `entrance_unreachable` if there is no answer
 */
export async function redirectToPage({ location, fetch, setCookie }: RedirectEnvironment): Promise<void> {
  const page = `http://${location.host.slice(location.host.indexOf('.') + 1)}`;
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  // Without a secret there is nothing to protect; the page reports that it is missing.
  if (token !== null) {
    const pass = await clearSiteData({ page, origin: location.origin, token }, fetch);
    setCookie(`${PASS_COOKIE}=${pass}; SameSite=Lax`);
  }
  location.replace(`${page}/${location.hash}`);
}

/** Sends `POST /reset` to the page's origin and checks the host's proof. @returns the pass for later visits */
async function clearSiteData(
  { page, origin, token }: { page: string; origin: string; token: string },
  fetch: RedirectEnvironment['fetch'],
): Promise<string> {
  const nonce = randomNonce();
  const url = `${page}${RESET_PATH}`;
  let response: Response;
  try {
    response = await fetch(`${url}?nonce=${nonce}`, {
      method: 'POST',
      // Site data is only cleared for requests with credentials (Clear Site Data, section 4.1).
      credentials: 'include',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(RESET_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new EarshotError('entrance_unreachable', text.linkPage.unreachable, { cause });
  }
  const answer: unknown = await response.json().catch(() => null);
  const { proof, pass } = (answer ?? {}) as { proof?: unknown; pass?: unknown };
  const { accepts } = createClientProof({ secret: token, url, origin, protocol: '', nonce });
  if (!response.ok || typeof pass !== 'string' || typeof proof !== 'string' || !accepts(proof)) {
    throw new EarshotError('entrance_unproven', text.linkPage.unproven);
  }
  return pass;
}
