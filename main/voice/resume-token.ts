import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOf } from './secret.ts';

const TOKEN_BYTES = 32;

/**
 * The resume tokens of one session. At most two work: the one that the client is known to have, and its successor, which
 * is on its way. A welcome can get lost, so the old one works until the client proves that it has the new one.
 *
 *              issue            prove
 *   have: a ──────────▶ a or b ───────▶ b
 *                          │ redeem(x)
 *                          └──────────▶ x
 */
export interface ResumeTokens {
  /** Makes the successor: base64url. One that was issued before and not proved works no more. */
  issue(): string;
  /**
   * Takes a token from a client that came back. The one it used is the one it has: the other works no more.
   * @returns whether it works; comparing tells nothing by the time it takes
   */
  redeem(token: string): boolean;
  /** The client has heard the welcome that brought the successor: what was before works no more. */
  prove(): void;
}

/** @param makeToken 32 random bytes as base64url; only its digest is kept */
export function createResumeTokens(
  makeToken: () => string = () => randomBytes(TOKEN_BYTES).toString('base64url'),
): ResumeTokens {
  let had: Buffer | null = null;
  let next: Buffer | null = null;

  function equal(digest: Buffer, kept: Buffer | null): boolean {
    return kept !== null && timingSafeEqual(digest, kept);
  }

  return {
    issue() {
      const token = makeToken();
      next = digestOf(token);
      return token;
    },
    redeem(token) {
      const digest = digestOf(token);
      const [isHad, isNext] = [equal(digest, had), equal(digest, next)];
      if (!isHad && !isNext) return false;
      had = digest;
      next = null;
      return true;
    },
    prove() {
      if (next === null) return;
      had = next;
      next = null;
    },
  };
}
