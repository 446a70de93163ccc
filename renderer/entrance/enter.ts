import { createClientProof, randomNonce } from '../../shared/client-proof.ts';
import { PASS_COOKIE, RESET_PATH } from '../../shared/entrance.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/en.ts';

/** Timeout (ms) for the host's answer. Clearing a browser's site data takes a fraction of a second. */
const ENTER_TIMEOUT_MS = 15_000;

/** The parts of `window` that are needed. */
export interface EntranceEnvironment {
  location: { host: string; origin: string; hash: string; replace(url: string): void };
  fetch: typeof fetch;
  setCookie(cookie: string): void;
}

/**
 * Redirects from the link's origin to the page's origin, its parent domain. First it asks the host to clear the site
 * data of the page's origin: a service worker that another program left there would see the secret. The host's answer
 * contains a proof; the request contains no secret.
 * @throws {EarshotError} `entrance_unproven` if another program answers, `entrance_unreachable` if there is no answer
 */
export async function enter({ location, fetch, setCookie }: EntranceEnvironment): Promise<void> {
  const page = `http://${location.host.slice(location.host.indexOf('.') + 1)}`;
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  // Without a secret there is nothing to protect; the page reports that it is missing.
  if (token !== null)
    setCookie(`${PASS_COOKIE}=${await reset({ page, origin: location.origin, token }, fetch)}; SameSite=Lax`);
  location.replace(`${page}/${location.hash}`);
}

/** @returns the pass for later visits */
async function reset(
  { page, origin, token }: { page: string; origin: string; token: string },
  fetch: EntranceEnvironment['fetch'],
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
      signal: AbortSignal.timeout(ENTER_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new EarshotError('entrance_unreachable', text.entrance.unreachable, { cause });
  }
  const answer: unknown = await response.json().catch(() => null);
  const { proof, pass } = (answer ?? {}) as { proof?: unknown; pass?: unknown };
  const { accepts } = createClientProof({ secret: token, url, origin, protocol: '', nonce });
  if (!response.ok || typeof pass !== 'string' || typeof proof !== 'string' || !accepts(proof)) {
    throw new EarshotError('entrance_unproven', text.entrance.unproven);
  }
  return pass;
}
