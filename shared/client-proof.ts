import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AUTH_PREFIX, type ConnectionInfo, NONCE_BYTES, RESUME_PREFIX, signedText } from './proof.ts';

/** The client's side of the mutual proof, for one connection. */
export interface ClientProof {
  /** The subprotocols to offer (RFC 6455 section 4.1). */
  protocols: string[];
  /**
   * Whether the proof shows that the peer knows the secret.
   * @param subject the session id of a welcome, or `NOTHING_TO_RESUME`; omitted for the bridge
   */
  accepts(proof: string, subject?: string): boolean;
  /** Answers the peer's challenge. Only use it after the peer has proven itself. */
  answer(challenge: string): string;
}

export interface ClientProofOptions {
  /** The launch's secret. */
  secret: string;
  /** URL of the endpoint, with or without a query. */
  url: string;
  /** Origin of the page, as the browser sends it in `Origin`. */
  origin: string;
  /** The subprotocol that the server will select. */
  protocol: string;
  /** Resume token of the session to resume. */
  resumeToken?: string | undefined;
  /** 16 bytes as base64url. Default: random. */
  nonce?: string;
}

/**
 * Starts the mutual proof. Synchronous, so that a press can open its socket in the same tick; Web Crypto is
 * asynchronous.
 * @throws {TypeError} if the URL is invalid
 */
export function createClientProof(options: ClientProofOptions): ClientProof {
  const { secret, protocol, resumeToken, nonce = randomNonce() } = options;
  const { host, pathname } = new URL(options.url);
  const connection: ConnectionInfo = { path: pathname, host, origin: options.origin, nonce };
  const auth = `${AUTH_PREFIX}${nonce}.${sign(secret, signedText('client', connection))}`;
  const resume =
    resumeToken === undefined ? [] : [`${RESUME_PREFIX}${sign(resumeToken, signedText('resume', connection))}`];
  return {
    protocols: [protocol, auth, ...resume],
    // No constant-time comparison needed: only the page can measure it, and it computes the expected value itself.
    accepts: (proof, subject) => proof === sign(secret, signedText('host', connection, subject)),
    answer: (challenge) => sign(secret, signedText('answer', connection, challenge)),
  };
}

/**
 * Computes the HMAC-SHA256 of a text.
 * @param key string whose UTF-8 bytes are the key
 * @returns base64url (RFC 4648 section 5), without padding
 */
export function sign(key: string, text: string): string {
  const encoder = new TextEncoder();
  return base64Url(hmac(sha256, encoder.encode(key), encoder.encode(text)));
}

/** 16 random bytes as base64url, for one connection or request. */
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
