import { createClientProof, randomNonce } from '../../shared/client-proof.ts';
import { HOST_PROOF_PATH, HostProof } from '../../shared/host-proof.ts';

/** How long an answer may take (ms); on loopback it takes one or two. */
export const HOST_CHECK_TIMEOUT_MS = 5_000;

/**
 * Who answers at this tab's address. `ours`: the launch that the tab has the secret of. `another launch`: what Earshot answers
 * that was started again; nobody can prove that. `another program`: what Earshot would not answer. `nobody`: no answer.
 */
export type HostAnswer = 'ours' | 'another launch' | 'another program' | 'nobody';

export interface HostCheckOptions {
  /** `http://<name>:<port>` */
  origin: string;
  /** The secret that this tab was given. */
  token: string;
  fetch: typeof fetch;
}

/** @throws {TypeError | DOMException} where nobody answers in time */
function ask(
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
 * Asks the host at this tab's address to prove that it has the tab's secret, without showing it: a port that was given up
 * may be another program's by now. Never rejects.
 */
export function createHostCheck({ origin, token, fetch }: HostCheckOptions): () => Promise<HostAnswer> {
  return async () => {
    const nonce = randomNonce();
    let response: Response;
    try {
      // Without cookies, for which it could be refused: this asks who answers, and nothing else.
      response = await ask({ origin, fetch }, nonce, 'omit');
    } catch {
      return 'nobody';
    }
    // A host that is still starting.
    if (response.status === 503) return 'nobody';
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
 * Asks the same with the cookies that the browser adds to every request of the page, its sockets among them: a page is not told the
 * status of a socket that was refused. Of use where the host has just proven itself. Never rejects.
 */
export function createCookieCheck(host: Pick<HostCheckOptions, 'origin' | 'fetch'>): () => Promise<boolean> {
  return async () => {
    try {
      const { status } = await ask(host, randomNonce(), 'same-origin');
      return status === HEADERS_TOO_LARGE;
    } catch {
      return false;
    }
  };
}
