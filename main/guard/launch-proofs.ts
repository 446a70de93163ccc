import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type ConnectionFacts, NONCE_BYTES, Nonce, Proof, signedText } from '../../shared/proof.ts';
import { randomText } from './random-text.ts';

/** Used nonces to remember. A window uses a few per minute; a proof is valid only for this launch and this endpoint. */
const MAX_NONCES = 4_096;

/** The host's side of the mutual proof. All servers of a launch share one instance, so none accepts a nonce twice. */
export interface LaunchProofs {
  /**
   * Checks the client's `auth.` subprotocol, `<nonce>.<proof>`. Each nonce is accepted once.
   * @returns the signed facts of the connection, or why it is refused
   */
  admit(offered: string, connection: Omit<ConnectionFacts, 'nonce'>): ConnectionFacts | 'proof' | 'nonce used';
  /** The host's proof for a connection that was admitted. */
  forConnection(connection: ConnectionFacts): ConnectionProof;
  /**
   * The bearer token of the metrics. It is separate from the secret because a scraper must transmit it in plain text.
   */
  readonly metricsToken: string;
}

/** The host's side of the proof on one connection. */
export interface ConnectionProof {
  /** Signs the facts of this connection as the host, see `signedText`. */
  prove(subject?: string): string;
  /** Random text for this connection. The client must sign it before any of its messages is accepted. */
  readonly challenge: string;
  /** Whether `proof` is the valid answer to the challenge. */
  isAnswer(proof: string): boolean;
}

/**
 * @param secret the launch secret
 * @param maxNonces how many nonces to remember at least; at most twice as many are kept, then the oldest are dropped
 */
export function createLaunchProofs(secret: string, maxNonces = MAX_NONCES): LaunchProofs {
  /** Created once, because every connection needs three signatures. */
  const key = createSecretKey(secret, 'utf8');
  /** The latest nonces and the generation before. Removing the oldest entries of a single set one by one is slow. */
  let recentNonces = new Set<string>();
  let olderNonces = new Set<string>();

  return {
    admit(offered, connection) {
      const [nonce = '', proof = '', ...rest] = offered.split('.', 3);
      if (rest.length > 0 || !Nonce.safeParse(nonce).success) return 'proof';
      const facts = { ...connection, nonce };
      if (!isSigned(proof, key, signedText('client', facts))) return 'proof';
      if (recentNonces.has(nonce) || olderNonces.has(nonce)) return 'nonce used';
      if (recentNonces.size >= maxNonces) {
        olderNonces = recentNonces;
        recentNonces = new Set();
      }
      recentNonces.add(nonce);
      return facts;
    },
    forConnection(connection) {
      const challenge = randomText(NONCE_BYTES);
      return {
        challenge,
        prove: (subject) => sign(key, signedText('host', connection, subject)),
        isAnswer: (proof) => isSigned(proof, key, signedText('answer', connection, challenge)),
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
