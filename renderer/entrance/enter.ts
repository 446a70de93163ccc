import { createClientProof, randomNonce } from '../../shared/client-proof.ts';
import { PASS_COOKIE, RESET_PATH } from '../../shared/entrance.ts';
import { EarshotError } from '../../shared/errors.ts';

/** How long the host may take (ms); removing what a browser keeps takes a part of a second. */
const ENTER_TIMEOUT_MS = 15_000;

/** The parts of `window` that are needed. */
export interface EntrancePlace {
  location: { host: string; origin: string; hash: string; replace(url: string): void };
  fetch: typeof fetch;
  setCookie(cookie: string): void;
}

/**
 * Leads from the link's origin to the page, one name above it. Before the secret goes there the host is asked to have the
 * browser remove what another program may have left at the page's origin: its worker would see the secret, as it answers
 * for every page there. That it was the host which answered, its proof shows; the request shows no secret.
 * @throws {EarshotError} `entrance_unproven` when another program answers, `entrance_unreachable` when nobody does
 */
export async function enter({ location, fetch, setCookie }: EntrancePlace): Promise<void> {
  const page = `http://${location.host.slice(location.host.indexOf('.') + 1)}`;
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  // Without a secret there is nothing to lose: the page says what is missing.
  if (token !== null)
    setCookie(`${PASS_COOKIE}=${await reset({ page, origin: location.origin, token }, fetch)}; SameSite=Lax`);
  location.replace(`${page}/${location.hash}`);
}

/** @returns the pass for the next time */
async function reset(
  { page, origin, token }: { page: string; origin: string; token: string },
  fetch: EntrancePlace['fetch'],
): Promise<string> {
  const nonce = randomNonce();
  const url = `${page}${RESET_PATH}`;
  let response: Response;
  try {
    response = await fetch(`${url}?nonce=${nonce}`, {
      method: 'POST',
      // Only an answer to a request with credentials may remove anything (the Clear Site Data standard, section 4.1).
      credentials: 'include',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(ENTER_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new EarshotError(
      'entrance_unreachable',
      'Earshot does not answer. Reload this page; if that does not help, quit the whole browser, start Earshot again and open ' +
        'the link that it prints.',
      { cause },
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  const { proof, pass } = (answer ?? {}) as { proof?: unknown; pass?: unknown };
  const { accepts } = createClientProof({ secret: token, url, origin, protocol: '', nonce });
  if (!response.ok || typeof pass !== 'string' || typeof proof !== 'string' || !accepts(proof)) {
    throw new EarshotError(
      'entrance_unproven',
      'Another program answers for the address of Earshot’s page. It was told nothing. ' +
        'Quit the whole browser, start Earshot again and open the link that it prints.',
    );
  }
  return pass;
}
