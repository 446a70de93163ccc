import { timingSafeEqual } from 'node:crypto';
import { digestOf } from '../guard/secret.ts';
import { randomText } from './random-text.ts';

const TOKEN_BYTES = 32;
/** Successors on their way at once: tries of one client that overtook each other. More than two are never seen. */
const MAX_ISSUED = 4;

/**
 * The resume tokens of one session: the one that the client is known to have, and its successors, of which one is on its
 * way. A welcome can get lost, so the old one works until the client proves that it has a new one; and a try that was given
 * up can arrive after the one that was made in its place, so its token takes nothing from the other's.
 *
 *              issue            issue              prove(c)
 *   have: a ──────────▶ a or b ──────────▶ a, b or c ──────▶ c
 *                          │ redeem(b)
 *                          └──────────▶ b
 */
export interface ResumeTokens {
  /** Makes a successor: base64url. */
  issue(): string;
  /**
   * Takes a token from a client that came back. A successor that it used is the one it has: no other works any more.
   * @returns whether it works; comparing tells nothing by the time it takes
   */
  redeem(token: string): boolean;
  /** The client has heard the welcome that brought this successor: no other works any more. */
  prove(token: string): void;
}

/** @param makeToken 32 random bytes as base64url */
export function createResumeTokens(makeToken: () => string = () => randomText(TOKEN_BYTES)): ResumeTokens {
  let had: string | null = null;
  let issued: string[] = [];

  function settleOn(token: string): void {
    had = token;
    issued = [];
  }

  return {
    issue() {
      const token = makeToken();
      issued = [...issued, token].slice(-MAX_ISSUED);
      return token;
    },
    redeem(token) {
      // Digested only here, for a comparison whose time tells nothing: few connections are resumed, and all are welcomed.
      const digest = digestOf(token);
      const equals = (kept: string): boolean => timingSafeEqual(digest, digestOf(kept));
      const isHad = had !== null && equals(had);
      // All of them are compared, whichever it is.
      const isNew = issued.filter(equals).length > 0;
      if (isNew) settleOn(token);
      return isHad || isNew;
    },
    prove(token) {
      if (issued.includes(token)) settleOn(token);
    },
  };
}
