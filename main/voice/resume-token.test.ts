import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createResumeTokens } from './resume-token.ts';

/** Tokens that are told apart at a glance. */
function counted() {
  let n = 0;
  return createResumeTokens(() => `token-${n++}`);
}

describe('the resume tokens of a session', () => {
  test('are 32 random bytes each, as base64url', () => {
    const tokens = createResumeTokens();
    const [one, two] = [tokens.issue(), tokens.issue()];
    expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(two).not.toBe(one);
  });

  test('before any was issued none works, the empty one neither', () => {
    const tokens = createResumeTokens();
    expect([tokens.redeem(''), tokens.redeem('token')]).toEqual([false, false]);
    tokens.prove();
    expect(tokens.redeem('')).toBe(false);
  });

  test('the one that was used works again while its successor may have got lost', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove();
    expect(tokens.redeem(first)).toBe(true);
    tokens.issue();
    expect(tokens.redeem(first)).toBe(true);
  });

  test('H24 the one that was used is dead once the client has proved that it has the successor', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove();
    tokens.redeem(first);
    const second = tokens.issue();
    tokens.prove();
    expect(tokens.redeem(first)).toBe(false);
    expect(tokens.redeem(second)).toBe(true);
  });

  test('the successor works before it is proved: the proof may have got lost too', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove();
    tokens.redeem(first);
    const second = tokens.issue();
    expect(tokens.redeem(second)).toBe(true);
    expect(tokens.redeem(first)).toBe(false);
  });

  test('a wrong one changes nothing', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove();
    const second = tokens.issue();
    expect(tokens.redeem('token-9')).toBe(false);
    expect(tokens.redeem(second)).toBe(true);
    expect(first).not.toBe(second);
  });

  test('at any time exactly those work that should', () => {
    type Step = { do: 'issue' | 'prove' } | { do: 'redeem'; which: number };
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.constantFrom<Step>({ do: 'issue' }, { do: 'prove' }),
      fc.record({ do: fc.constant('redeem' as const), which: fc.nat(12) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let n = 0;
        // Asking changes the answer: what works is found out on a copy, made by going the same way again.
        const replay = (upTo: number) => {
          n = 0;
          const tokens = createResumeTokens(() => `token-${n++}`);
          for (const past of steps.slice(0, upTo)) {
            if (past.do === 'redeem') tokens.redeem(`token-${past.which}`);
            else tokens[past.do]();
          }
          return tokens;
        };
        /** The model: the tokens that work, the newest last; whether the last is still to be proved. */
        let works: string[] = [];
        let unproved = false;
        let issued = 0;
        for (const [i, now] of steps.entries()) {
          const token = now.do === 'redeem' ? `token-${now.which}` : '';
          if (now.do === 'issue') {
            works = [...(unproved ? works.slice(0, -1) : works), `token-${issued++}`];
            unproved = true;
          } else if (now.do === 'prove') {
            works = works.slice(-1);
            unproved = false;
          } else if (works.includes(token)) {
            works = [token];
            unproved = false;
          }
          const found = Array.from({ length: issued + 1 }, (_, k) => `token-${k}`).filter((t) =>
            replay(i + 1).redeem(t),
          );
          expect(found.sort()).toEqual([...works].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
