import { isSigned } from '../guard/launch-proofs.ts';
import { randomText } from '../guard/random-text.ts';

const TOKEN_BYTES = 32;
/**
 * Successors on their way at once. A client that gives a try up makes the next one with the same token, and each try that
 * still arrives is told a successor: six at most through an outage of the resume window.
 */
const MAX_ISSUED = 16;

/**
 * The resume tokens of one session: the one that the client is known to have, and its successors, of which one is on its
 * way. A welcome can get lost, so the old one works until the client proves that it has a new one. Only a proof changes
 * which tokens work: a try that was given up can arrive before, between or after those made in its place, and takes nothing
 * from them.
 *
 *              issue            issue              prove(c)
 *   have: a ──────────▶ a or b ──────────▶ a, b or c ──────▶ c
 */
export interface ResumeTokens {
  /** Makes a successor: base64url. */
  issue(): string;
  /**
   * Whether a client has a token that works; comparing tells nothing by the time it takes. Changes none of them.
   * @param proof the text, signed with the token
   */
  fits(proof: string, text: string): boolean;
  /** The client has heard the welcome that brought this successor, and has answered it: no other works any more. */
  prove(token: string): void;
}

/** @param makeToken 32 random bytes as base64url */
export function createResumeTokens(makeToken: () => string = () => randomText(TOKEN_BYTES)): ResumeTokens {
  let had: string | null = null;
  let issued: string[] = [];

  return {
    issue() {
      const token = makeToken();
      issued = [...issued, token].slice(-MAX_ISSUED);
      return token;
    },
    fits(proof, text) {
      // All of them are compared, whichever it is.
      return (had === null ? issued : [had, ...issued]).filter((kept) => isSigned(proof, kept, text)).length > 0;
    },
    prove(token) {
      had = token;
      issued = [];
    },
  };
}
