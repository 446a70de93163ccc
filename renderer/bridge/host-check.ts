import { HOST_PROOF_PATH, HostProof, signedText } from '../../shared/host-proof.ts';

/** How long an answer may take (ms); on loopback it takes one or two. */
export const HOST_CHECK_TIMEOUT_MS = 5_000;

/**
 * Who answers at this tab's address. `ours`: the launch that the tab has the secret of. `another launch`: Earshot, started
 * again. `nobody`: no answer, or one that Earshot would not give.
 */
export type HostAnswer = 'ours' | 'another launch' | 'nobody';

export interface HostCheckOptions {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** The secret that this tab was given. */
  token: string;
  fetch: typeof fetch;
}

/**
 * Asks the host at this tab's address to prove that it has the tab's secret, without showing it: a port that was given up
 * may be another program's by now. Never rejects.
 */
export function createHostCheck({ origin, token, fetch }: HostCheckOptions): () => Promise<HostAnswer> {
  return async () => {
    try {
      const challenge = base64Url(crypto.getRandomValues(new Uint8Array(32)));
      const response = await fetch(`${origin}${HOST_PROOF_PATH}?challenge=${challenge}`, {
        redirect: 'error',
        signal: AbortSignal.timeout(HOST_CHECK_TIMEOUT_MS),
      });
      if (!response.ok) return 'nobody';
      const { proof } = HostProof.parse(await response.json());
      return proof === (await sign(token, challenge)) ? 'ours' : 'another launch';
    } catch {
      return 'nobody';
    }
  };
}

async function sign(token: string, challenge: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(token), algorithm, false, ['sign']);
  return base64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(signedText(challenge)))));
}

/** RFC 4648 section 5, without padding. */
function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
