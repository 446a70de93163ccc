import { isSigned } from '../guard/launch-proofs.ts';
import { randomText } from '../guard/random-text.ts';

const TOKEN_BYTES = 32;
/**
 * Unconfirmed successors per session. A client that abandons an attempt retries with the same token, and every attempt
 * that still arrives is issued a successor: at most six in an outage as long as the resume window.
 */
const MAX_ISSUED = 16;

/**
 * The resume tokens of one session: the token that the client is known to have, and the successors issued since. A
 * welcome can get lost, so the old token stays valid until the client proves that it has a new one. Only that proof
 * invalidates tokens: an abandoned attempt can arrive before, between or after later attempts and must not invalidate
 * their tokens.
 *
 *              issue            issue              confirm(c)
 *  valid: a ──────────▶ a or b ──────────▶ a, b or c ────────▶ c
 */
export interface ResumeTokens {
  /** Issues a successor, as base64url. */
  issue(): string;
  /**
   * Whether a client has a valid token. Compares in constant time and changes nothing.
   * @param proof the text, signed with the token
   */
  verify(proof: string, text: string): boolean;
  /** Call when the client has answered the welcome that contained this successor. All other tokens become invalid. */
  confirm(token: string): void;
}

/** @param makeToken 32 random bytes as base64url */
export function createResumeTokens(makeToken: () => string = () => randomText(TOKEN_BYTES)): ResumeTokens {
  let confirmed: string | null = null;
  let issued: string[] = [];

  return {
    issue() {
      const token = makeToken();
      issued = [...issued, token].slice(-MAX_ISSUED);
      return token;
    },
    verify(proof, text) {
      // Compare all of them, so the time does not depend on which one matches.
      return (
        (confirmed === null ? issued : [confirmed, ...issued]).filter((candidate) => isSigned(proof, candidate, text))
          .length > 0
      );
    },
    confirm(token) {
      confirmed = token;
      issued = [];
    },
  };
}
