import { z } from 'zod';

/**
 * How a client and its host prove to each other that they know the secret of the launch, without sending it: an
 * HMAC-SHA256 (RFC 2104) under the secret, over a nonce of the client and the facts of the connection. With the facts in it
 * a proof is of no use on another path, at another port or for another page.
 *
 *   client ── auth: nonce, `client` proof ─▶ host      keeps strangers from being upgraded
 *   client ◀── `host` proof, challenge ──── host      nobody else can answer the nonce
 *   client ── `answer` to the challenge ──▶ host      nobody can have this one from before
 *
 * The last step is needed where another program had the port for a while: it may keep a client's first proof, and show it
 * when the host has the port again. docs/protocol.md has a worked example.
 */

/** Prefix of the subprotocol that carries a client's proof: `auth.<nonce>.<proof>`. */
export const AUTH_PREFIX = 'auth.';
/** Prefix of the subprotocol that carries the proof of a resume token. */
export const RESUME_PREFIX = 'resume.';
/** What older clients sent, with the secret itself behind it. Such a client is refused. */
export const RETIRED_TOKEN_PREFIX = 'token.';

/** Random bytes in a nonce. */
export const NONCE_BYTES = 16;
/** A nonce, or a challenge: 16 bytes in base64url (RFC 4648 section 5), without padding. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** The 32 bytes of an HMAC-SHA256 in base64url, without padding. */
export const Proof = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a connection is: the same for both sides, as each sees it in the upgrade request. */
export interface ConnectionFacts {
  /** Without the query, e.g. `/ws/voice`. */
  path: string;
  /** As in `Host`: `<name>:<port>`, without the port where it is 80. */
  host: string;
  /** As in `Origin`. */
  origin: string;
  /** Made anew by the client for each connection. */
  nonce: string;
}

/**
 * The text that is signed.
 * @param signer `client`: whoever opens the connection; `host`: whoever accepts it; `answer`: the client again; `resume`: a
 *   client, under the resume token
 * @param subject what is signed beyond the connection. By the host: the session of a welcome, or `NOTHING_TO_RESUME`. By an
 *   answer: the host's challenge
 */
export function signedText(
  signer: 'client' | 'host' | 'answer' | 'resume',
  facts: ConnectionFacts,
  subject?: string,
): string {
  const { path, host, origin, nonce } = facts;
  const lines = [`earshot ${signer}`, path, host, origin, nonce];
  return (subject === undefined ? lines : [...lines, subject]).join('\n');
}

/** The subject of a proof that comes with close code 4410. A session's id has no spaces, so it is never one. */
export const NOTHING_TO_RESUME = 'nothing to resume';

/** Reason of close code 4410 (under 123 bytes, RFC 6455 section 5.5): without its proof a client takes it for a broken connection. */
export function nothingToResumeReason(proof: string): string {
  return `${NOTHING_TO_RESUME} proof=${proof}`;
}

/** Takes a close reason apart: what it says, and its proof, or null. */
export function readReason(reason: string): { text: string; proof: string | null } {
  const [, text = reason, proof = null] = /^(.*) proof=([A-Za-z0-9_-]{43})$/.exec(reason) ?? [];
  return { text, proof };
}

/** The first frame of the bridge's socket, before which a page believes and sends nothing. */
export const Hello = z.object({ event: z.literal('hello'), proof: Proof, challenge: Nonce });
export type Hello = z.infer<typeof Hello>;

/** The first frame of a page on it, before which the host answers and tells nothing. */
export const HelloAnswer = z.object({ event: z.literal('answer'), proof: Proof });
export type HelloAnswer = z.infer<typeof HelloAnswer>;
