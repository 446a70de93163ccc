import { z } from 'zod';

/**
 * Mutual authentication of a client and its host with the launch's secret, without sending it. A proof is an
 * HMAC-SHA256 (RFC 2104) with the secret as the key, over the client's nonce and the path, host and origin of the
 * connection, so it is invalid for another path, port or page.
 *
 *   client ── auth: nonce, `client` proof ─▶ host      the host refuses unauthorised upgrades
 *   client ◀── `host` proof, challenge ──── host      proves that the host knows the secret
 *   client ── `answer` to the challenge ──▶ host      prevents replays
 *
 * The last step is needed if another program had the port for a while: it could record a client's first proof and
 * replay it when the host has the port again. docs/protocol.md has a worked example.
 */

/** Prefix of the subprotocol that carries a client's proof: `auth.<nonce>.<proof>`. */
export const AUTH_PREFIX = 'auth.';
/** Prefix of the subprotocol that carries the proof of a resume token. */
export const RESUME_PREFIX = 'resume.';
/** Prefix used by older clients, followed by the secret itself. Such clients are refused. */
export const RETIRED_TOKEN_PREFIX = 'token.';

/** Random bytes in a nonce. */
export const NONCE_BYTES = 16;
/** A nonce, or a challenge: 16 bytes in base64url (RFC 4648 section 5), without padding. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** The 32 bytes of an HMAC-SHA256 in base64url, without padding. */
export const Proof = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The signed properties of a connection, as both sides see them in the upgrade request. */
export interface ConnectionInfo {
  /** Path without the query, e.g. `/ws/voice`. */
  path: string;
  /** The `Host` header: `<name>:<port>`, without the port if it is 80. */
  host: string;
  /** The `Origin` header. */
  origin: string;
  /** Created by the client for each connection. */
  nonce: string;
}

/**
 * Builds the text to be signed.
 * @param signer `client`: the side that opens the connection; `host`: the side that accepts it; `answer`: the client's
 *   answer to the challenge; `resume`: the client, with the resume token as the key
 * @param subject additional signed text. For `host`: the session id of a welcome, or `NOTHING_TO_RESUME`. For `answer`:
 *   the host's challenge
 */
export function signedText(
  signer: 'client' | 'host' | 'answer' | 'resume',
  connection: ConnectionInfo,
  subject?: string,
): string {
  const { path, host, origin, nonce } = connection;
  const lines = [`earshot ${signer}`, path, host, origin, nonce];
  return (subject === undefined ? lines : [...lines, subject]).join('\n');
}

/** Subject of the proof sent with close code 4410. Session ids contain no spaces, so it can't be mistaken for one. */
export const NOTHING_TO_RESUME = 'nothing to resume';

/**
 * Reason for close code 4410 (under 123 bytes, RFC 6455 section 5.5). Without the proof, clients treat it as a lost
 * connection.
 */
export function nothingToResumeReason(proof: string): string {
  return `${NOTHING_TO_RESUME} proof=${proof}`;
}

/** Splits a close reason into its text and its proof, which may be null. */
export function readReason(reason: string): { text: string; proof: string | null } {
  const [, text = reason, proof = null] = /^(.*) proof=([A-Za-z0-9_-]{43})$/.exec(reason) ?? [];
  return { text, proof };
}

/** The host's first frame on the bridge socket. The page neither accepts nor sends anything before it. */
export const Hello = z.object({ event: z.literal('hello'), proof: Proof, challenge: Nonce });
export type Hello = z.infer<typeof Hello>;

/** The page's first frame on the bridge socket. The host sends neither answers nor events before it. */
export const HelloAnswer = z.object({ event: z.literal('answer'), proof: Proof });
export type HelloAnswer = z.infer<typeof HelloAnswer>;
