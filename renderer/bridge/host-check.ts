import { createClientProof, randomNonce } from '../../shared/client-proof.ts';
import { HOST_PROOF_PATH, HostProof } from '../../shared/host-proof.ts';

/** Timeout for the host's answer, in ms. On loopback it takes 1 to 2 ms. */
export const HOST_CHECK_TIMEOUT_MS = 5_000;

/**
 * Result of a host check. `ours`: the launch that issued the tab's secret. `another launch`: a well-formed answer
 * without a valid proof, as from a restarted Earshot. `another program`: an answer that Earshot does not give.
 * `no answer`: none within the timeout.
 */
export type HostAnswer = 'ours' | 'another launch' | 'another program' | 'no answer';

export interface HostCheckOptions {
  /** `http://<name>:<port>` */
  origin: string;
  /** The tab's secret. */
  token: string;
  fetch: typeof fetch;
}

/** @throws {TypeError | DOMException} if no answer comes within `HOST_CHECK_TIMEOUT_MS` */
function request(
  { origin, fetch }: Pick<HostCheckOptions, 'origin' | 'fetch'>,
  nonce: string,
  credentials: 'omit' | 'same-origin',
) {
  return fetch(`${origin}${HOST_PROOF_PATH}?nonce=${nonce}`, {
    credentials,
    redirect: 'manual',
    signal: AbortSignal.timeout(HOST_CHECK_TIMEOUT_MS),
  });
}

/**
 * Asks the host at this tab's address to prove that it knows the tab's secret, without revealing it: another program
 * may own the port by now. Never rejects.
 */
export function createHostCheck({ origin, token, fetch }: HostCheckOptions): () => Promise<HostAnswer> {
  return async () => {
    const nonce = randomNonce();
    let response: Response;
    try {
      // Without cookies, because too many of them would make the host refuse the request.
      response = await request({ origin, fetch }, nonce, 'omit');
    } catch {
      return 'no answer';
    }
    // The host is still starting.
    if (response.status === 503) return 'no answer';
    const answer = HostProof.safeParse(await response.json().catch(() => null));
    if (!response.ok || !answer.success) return 'another program';
    const url = `${origin}${HOST_PROOF_PATH}`;
    const { accepts } = createClientProof({ secret: token, url, origin, protocol: '', nonce });
    return accepts(answer.data.proof) ? 'ours' : 'another launch';
  };
}

/** RFC 6585 section 5. */
const HEADERS_TOO_LARGE = 431;

/**
 * Checks whether the host refuses the page's requests because of their cookies, by repeating the request with cookies;
 * the browser does not expose the status of a refused WebSocket. Only meaningful if the host has just proven itself.
 * Never rejects.
 */
export function createCookieCheck(host: Pick<HostCheckOptions, 'origin' | 'fetch'>): () => Promise<boolean> {
  return async () => {
    try {
      const { status } = await request(host, randomNonce(), 'same-origin');
      return status === HEADERS_TOO_LARGE;
    } catch {
      return false;
    }
  };
}
