import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type ConnectionInfo, NONCE_BYTES, Nonce, Proof, signedText } from '../../shared/proof.ts';
import { randomText } from './random-text.ts';

/** Number of used nonces to remember. A window uses a few per minute, and proofs are valid for one launch only. */
const MAX_NONCES = 4_096;

/**
 * The host's side of the mutual authentication (shared/proof.ts). All servers of a launch share one instance, so that no
 * nonce is accepted twice.
 */
export interface LaunchProofs {
  /**
   * Verifies the client's proof in an upgrade request. Accepts each nonce once.
   * @param auth the client's `auth.` subprotocol without the prefix: `<nonce>.<proof>`
   * @param endpoint the properties of the connection as the server sees them
   * @returns the signed properties of the connection, or why it is refused
   */
  verifyClient(auth: string, endpoint: Omit<ConnectionInfo, 'nonce'>): ConnectionInfo | 'proof' | 'nonce used';
  /** The host's side of a connection whose client was verified. */
  forConnection(connection: ConnectionInfo): ConnectionProof;
  /**
   * The bearer token of `/metrics`. It is not the secret, because a scraper sends it in plain text.
   */
  readonly metricsToken: string;
}

/** The host's side of the authentication on one connection. */
export interface ConnectionProof {
  /** The host's proof for this connection. @param subject additional signed text, see `signedText` */
  prove(subject?: string): string;
  /** Random text for this connection. The client must sign it before the host accepts any of its messages. */
  readonly challenge: string;
  /** Whether `proof` is the client's signature of the challenge. */
  verifyAnswer(proof: string): boolean;
}

/**
 * @param secret the launch secret
 * @param maxNonces how many nonces to remember at least; at most twice as many are kept, then the oldest are dropped
 */
export function createLaunchProofs(secret: string, maxNonces = MAX_NONCES): LaunchProofs {
  /** Created once, because each connection needs three signatures. */
  const key = createSecretKey(secret, 'utf8');
  /** The newer and the older half of the nonces. The older half is dropped at once, because that is fast. */
  let recentNonces = new Set<string>();
  let olderNonces = new Set<string>();

  return {
    verifyClient(auth, endpoint) {
      const [nonce = '', proof = '', ...rest] = auth.split('.', 3);
      if (rest.length > 0 || !Nonce.safeParse(nonce).success) return 'proof';
      const connection = { ...endpoint, nonce };
      if (!isSigned(proof, key, signedText('client', connection))) return 'proof';
      if (recentNonces.has(nonce) || olderNonces.has(nonce)) return 'nonce used';
      if (recentNonces.size >= maxNonces) {
        olderNonces = recentNonces;
        recentNonces = new Set();
      }
      recentNonces.add(nonce);
      return connection;
    },
    forConnection(connection) {
      const challenge = randomText(NONCE_BYTES);
      return {
        challenge,
        prove: (subject) => sign(key, signedText('host', connection, subject)),
        verifyAnswer: (proof) => isSigned(proof, key, signedText('answer', connection, challenge)),
      };
    },
    metricsToken: sign(key, 'earshot metrics'),
  };
}

/** HMAC-SHA256 as base64url; the key is the text's UTF-8 bytes. The counterpart of `sign` in shared/client-proof.ts. */
function sign(key: string | KeyObject, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('base64url');
}

/** Whether `proof` is the HMAC of `text` under `key`. Compares in constant time. */
export function isSigned(proof: string, key: string | KeyObject, text: string): boolean {
  // The schema ensures ASCII and the fixed length: `timingSafeEqual` needs equal lengths.
  if (!Proof.safeParse(proof).success) return false;
  return timingSafeEqual(Buffer.from(proof), Buffer.from(sign(key, text)));
}
