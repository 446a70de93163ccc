import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AUTH_PREFIX, type ConnectionFacts, NONCE_BYTES, RESUME_PREFIX, signedText } from './proof.ts';

/** A client's side of the mutual proof, for one connection. */
export interface ClientProof {
  /** The subprotocols to offer (RFC 6455 section 4.1). */
  protocols: string[];
  /**
   * Whether the peer has proven that it knows the secret as well.
   * @param subject the session id of a welcome, or `NOTHING_TO_RESUME`; none for the bridge
   */
  accepts(proof: string, subject?: string): boolean;
  /** What the peer asks for in return, once it has proven itself. */
  answer(challenge: string): string;
}

export interface ClientProofOptions {
  /** The secret of the launch. */
  secret: string;
  /** Of the endpoint, with or without a query. */
  url: string;
  /** The page's, as its browser sends it in `Origin`. */
  origin: string;
  /** The subprotocol that the server will select. */
  protocol: string;
  /** The resume token of the session to take up again. */
  resumeToken?: string | undefined;
  /** 16 bytes as base64url. Default: random ones. */
  nonce?: string;
}

/**
 * Begins the mutual proof. Synchronous, as a press opens its socket in its own tick: Web Crypto answers later.
 * @throws {TypeError} when the URL is none
 */
export function createClientProof(options: ClientProofOptions): ClientProof {
  const { secret, protocol, resumeToken, nonce = randomNonce() } = options;
  const { host, pathname } = new URL(options.url);
  const facts: ConnectionFacts = { path: pathname, host, origin: options.origin, nonce };
  const auth = `${AUTH_PREFIX}${nonce}.${sign(secret, signedText('client', facts))}`;
  const resume = resumeToken === undefined ? [] : [`${RESUME_PREFIX}${sign(resumeToken, signedText('resume', facts))}`];
  return {
    protocols: [protocol, auth, ...resume],
    // The host knows the answer before the page does, so the time of this comparison tells nobody anything.
    accepts: (proof, subject) => proof === sign(secret, signedText('host', facts, subject)),
    answer: (challenge) => sign(secret, signedText('answer', facts, challenge)),
  };
}

/**
 * HMAC-SHA256 of a text.
 * @param key as text; its UTF-8 bytes are the key
 * @returns base64url (RFC 4648 section 5), without padding
 */
export function sign(key: string, text: string): string {
  const encoder = new TextEncoder();
  return base64Url(hmac(sha256, encoder.encode(key), encoder.encode(text)));
}

/** 16 bytes, for one connection or question. */
export function randomNonce(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** RFC 4648 section 5, without padding. */
function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
