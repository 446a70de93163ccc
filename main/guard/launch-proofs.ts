import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type ConnectionFacts, NONCE_BYTES, Nonce, Proof, signedText } from '../../shared/proof.ts';
import { randomText } from './random-text.ts';

/** Nonces that are remembered. A window uses a few a minute; a proof is worth nothing elsewhere, or after the launch. */
const MAX_NONCES = 4_096;

/** The host's side of the mutual proof: one for the whole launch, so that no server of it takes a nonce twice. */
export interface LaunchProofs {
  /**
   * Checks what a client offers behind `auth.`: `<nonce>.<proof>`. A nonce serves once; whoever comes with it again is refused.
   * @returns the connection's facts, or why it is refused
   */
  admit(offered: string, connection: Omit<ConnectionFacts, 'nonce'>): ConnectionFacts | 'proof' | 'nonce used';
  /** The rest of the proof, for a connection that was admitted. */
  of(connection: ConnectionFacts): ConnectionProof;
  /** Opens the metrics and nothing else: a scraper can only send a fixed text, and this one is not the secret. */
  readonly metricsToken: string;
}

/** The host's side of the proof on one connection. */
export interface ConnectionProof {
  /** The host's own, see `signedText`. */
  prove(subject?: string): string;
  /** Random, made for this connection: what the client has to sign before anything that it says counts. */
  readonly challenge: string;
  /** Whether this answers the challenge. */
  isAnswer(proof: string): boolean;
}

/**
 * @param secret of the launch
 * @param maxNonces at least so many are remembered, and twice as many at most; beyond that the oldest are forgotten
 */
export function createLaunchProofs(secret: string, maxNonces = MAX_NONCES): LaunchProofs {
  /** Prepared once: each connection is signed for three times. */
  const key = createSecretKey(secret, 'utf8');
  /** The latest, and those before them. A single set that gives up its oldest would be searched for it through all that it gave up. */
  let used = new Set<string>();
  let usedBefore = new Set<string>();

  return {
    admit(offered, connection) {
      const [nonce = '', proof = '', ...more] = offered.split('.', 3);
      if (more.length > 0 || !Nonce.safeParse(nonce).success) return 'proof';
      const facts = { ...connection, nonce };
      if (!isSigned(proof, key, signedText('client', facts))) return 'proof';
      if (used.has(nonce) || usedBefore.has(nonce)) return 'nonce used';
      if (used.size >= maxNonces) {
        usedBefore = used;
        used = new Set();
      }
      used.add(nonce);
      return facts;
    },
    of(connection) {
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

/** Whether a proof is the one of this text under this key, in a time that tells nothing of where they differ. */
export function isSigned(proof: string, key: string | KeyObject, text: string): boolean {
  // As long as every other proof, and ASCII: the comparison needs equal lengths.
  if (!Proof.safeParse(proof).success) return false;
  return timingSafeEqual(Buffer.from(proof), Buffer.from(sign(key, text)));
}
