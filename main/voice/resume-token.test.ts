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
    tokens.prove('');
    tokens.prove('token');
    expect([tokens.redeem(''), tokens.redeem('token')]).toEqual([false, false]);
  });

  test('the one that was used works again while its successor may have got lost', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove(first);
    expect(tokens.redeem(first)).toBe(true);
    tokens.issue();
    expect(tokens.redeem(first)).toBe(true);
  });

  test('H24 the one that was used is dead once the client has proved that it has the successor', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove(first);
    tokens.redeem(first);
    const second = tokens.issue();
    tokens.prove(second);
    expect(tokens.redeem(first)).toBe(false);
    expect(tokens.redeem(second)).toBe(true);
  });

  test('the successor works before it is proved: the proof may have got lost too', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove(first);
    tokens.redeem(first);
    const second = tokens.issue();
    expect(tokens.redeem(second)).toBe(true);
    expect(tokens.redeem(first)).toBe(false);
  });

  test('a wrong one changes nothing', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.prove(first);
    const second = tokens.issue();
    expect(tokens.redeem('token-9')).toBe(false);
    expect(tokens.redeem(second)).toBe(true);
    expect(first).not.toBe(second);
  });

  test('two tries that overtook each other: the successor that the client heard of works, whichever came last', () => {
    for (const late of [true, false]) {
      const tokens = counted();
      const first = tokens.issue();
      tokens.prove(first);
      tokens.redeem(first);
      const heard = late ? tokens.issue() : null;
      tokens.redeem(first);
      tokens.issue();
      expect(tokens.redeem(heard ?? first)).toBe(true);
    }
  });

  test('a proof that comes after the client has moved on changes nothing', () => {
    const tokens = counted();
    const first = tokens.issue();
    const second = tokens.issue();
    tokens.redeem(second);
    tokens.prove(first);
    expect([tokens.redeem(first), tokens.redeem(second)]).toEqual([false, true]);
  });

  test('at any time exactly those work that should, and never more than five', () => {
    type Step = { do: 'issue' } | { do: 'prove' | 'redeem'; which: number };
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.constant<Step>({ do: 'issue' }),
      fc.record({ do: fc.constantFrom('prove' as const, 'redeem' as const), which: fc.nat(12) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        // Asking changes the answer: what works is found out on a copy, made by going the same way again.
        const replay = (upTo: number) => {
          const tokens = counted();
          for (const past of steps.slice(0, upTo)) {
            if (past.do === 'issue') tokens.issue();
            else tokens[past.do](`token-${past.which}`);
          }
          return tokens;
        };
        /** The model: the one that the client has, and those on their way. */
        let had: string[] = [];
        let underWay: string[] = [];
        let issued = 0;
        for (const [i, now] of steps.entries()) {
          if (now.do === 'issue') underWay = [...underWay, `token-${issued++}`].slice(-4);
          else if (underWay.includes(`token-${now.which}`)) [had, underWay] = [[`token-${now.which}`], []];
          const all = Array.from({ length: issued + 1 }, (_, k) => `token-${k}`);
          const found = all.filter((token) => replay(i + 1).redeem(token));
          expect(found.sort()).toEqual([...had, ...underWay].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
