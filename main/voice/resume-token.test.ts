import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../shared/client-proof.ts';
import { createResumeTokens, type ResumeTokens } from './resume-token.ts';

const TEXT = 'what is signed';

/** Numbered tokens, verified with a valid proof. */
function numberedTokens() {
  let n = 0;
  return withProof(createResumeTokens(() => `token-${n++}`));
}
function withProof(tokens: ResumeTokens) {
  return { ...tokens, verify: (token: string) => tokens.verify(sign(token, TEXT), TEXT) };
}

describe('the resume tokens of a session', () => {
  test('are 32 random bytes each, as base64url', () => {
    const tokens = createResumeTokens();
    const [one, two] = [tokens.issue(), tokens.issue()];
    expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(two).not.toBe(one);
  });

  test('none is valid before any was issued, not even an empty one', () => {
    const tokens = withProof(createResumeTokens());
    expect([tokens.verify(''), tokens.verify('token')]).toEqual([false, false]);
  });

  test('H66 are verified by a proof over the exact text; the token itself is not a proof', () => {
    const tokens = createResumeTokens();
    const token = tokens.issue();
    expect(tokens.verify(sign(token, TEXT), TEXT)).toBe(true);
    for (const other of [token, '', sign(token, `${TEXT} `), sign(`${token} `, TEXT), sign(TEXT, token)]) {
      expect(tokens.verify(other, TEXT)).toBe(false);
    }
  });

  test('stay valid after use while the successor may have got lost', () => {
    const tokens = numberedTokens();
    const first = tokens.issue();
    tokens.confirm(first);
    expect(tokens.verify(first)).toBe(true);
    tokens.issue();
    expect(tokens.verify(first)).toBe(true);
  });

  test('H24 become invalid once the client has confirmed the successor', () => {
    const tokens = numberedTokens();
    const first = tokens.issue();
    tokens.confirm(first);
    const second = tokens.issue();
    tokens.confirm(second);
    expect([tokens.verify(first), tokens.verify(second)]).toEqual([false, true]);
  });

  test('include the successor before it is confirmed, because the confirmation may have got lost', () => {
    const tokens = numberedTokens();
    const first = tokens.issue();
    tokens.confirm(first);
    const second = tokens.issue();
    expect([tokens.verify(first), tokens.verify(second)]).toEqual([true, true]);
  });

  test('are not changed by verifying: an abandoned attempt does not invalidate the token of the next one', () => {
    const tokens = numberedTokens();
    const first = tokens.issue();
    tokens.confirm(first);
    const received = tokens.issue();
    for (let tries = 0; tries < 6; tries++) {
      expect([tokens.verify('token-99'), tokens.verify(first), tokens.verify(received)]).toEqual([false, true, true]);
      tokens.issue();
    }
  });

  test('can be confirmed however many successors were issued after it', () => {
    const tokens = numberedTokens();
    const first = tokens.issue();
    tokens.confirm(first);
    const received = tokens.issue();
    for (let tries = 0; tries < 100; tries++) tokens.issue();
    tokens.confirm(received);
    expect([tokens.verify(first), tokens.verify(received)]).toEqual([false, true]);
  });

  test('property: exactly the expected tokens are valid, at most seventeen', () => {
    const step = fc.option(fc.nat(40), { nil: 'issue' as const });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tokens = numberedTokens();
        /** The model: the confirmed token and the unconfirmed successors. */
        let confirmed: string[] = [];
        let unconfirmed: string[] = [];
        let issued = 0;
        for (const now of steps) {
          if (now === 'issue') {
            unconfirmed = [...unconfirmed, `token-${issued++}`].slice(-16);
            tokens.issue();
          } else if (now < issued) {
            [confirmed, unconfirmed] = [[`token-${now}`], []];
            tokens.confirm(`token-${now}`);
          }
          const all = Array.from({ length: issued + 1 }, (_, k) => `token-${k}`);
          expect(all.filter((token) => tokens.verify(token)).sort()).toEqual([...confirmed, ...unconfirmed].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
