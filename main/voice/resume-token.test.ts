import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../shared/client-proof.ts';
import { createResumeTokens, type ResumeTokens } from './resume-token.ts';

const TEXT = 'what is signed';

/** Tokens that are told apart at a glance, and asked for with the proof of whoever has one. */
function counted() {
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

  test('before any was issued none works, the empty one neither', () => {
    const tokens = withProof(createResumeTokens());
    expect([tokens.verify(''), tokens.verify('token')]).toEqual([false, false]);
  });

  test('H66 one fits by its proof over the very text, and the token itself is none', () => {
    const tokens = createResumeTokens();
    const token = tokens.issue();
    expect(tokens.verify(sign(token, TEXT), TEXT)).toBe(true);
    for (const other of [token, '', sign(token, `${TEXT} `), sign(`${token} `, TEXT), sign(TEXT, token)]) {
      expect(tokens.verify(other, TEXT)).toBe(false);
    }
  });

  test('the one that was used works again while its successor may have got lost', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.confirm(first);
    expect(tokens.verify(first)).toBe(true);
    tokens.issue();
    expect(tokens.verify(first)).toBe(true);
  });

  test('H24 the one that was used is dead once the client has proved that it has the successor', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.confirm(first);
    const second = tokens.issue();
    tokens.confirm(second);
    expect([tokens.verify(first), tokens.verify(second)]).toEqual([false, true]);
  });

  test('the successor works before it is proved: the proof may have got lost too', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.confirm(first);
    const second = tokens.issue();
    expect([tokens.verify(first), tokens.verify(second)]).toEqual([true, true]);
  });

  test('asking changes nothing: a try that was given up does not use up what the next one brings', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.confirm(first);
    const heard = tokens.issue();
    for (let tries = 0; tries < 6; tries++) {
      expect([tokens.verify('token-99'), tokens.verify(first), tokens.verify(heard)]).toEqual([false, true, true]);
      tokens.issue();
    }
  });

  test('the one that was heard works however many tries were welcomed after it, once it is proved', () => {
    const tokens = counted();
    const first = tokens.issue();
    tokens.confirm(first);
    const heard = tokens.issue();
    for (let tries = 0; tries < 100; tries++) tokens.issue();
    tokens.confirm(heard);
    expect([tokens.verify(first), tokens.verify(heard)]).toEqual([false, true]);
  });

  test('at any time exactly those work that should, and never more than seventeen', () => {
    const step = fc.option(fc.nat(40), { nil: 'issue' as const });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tokens = counted();
        /** The model: the one that the client has, and those on their way. */
        let had: string[] = [];
        let underWay: string[] = [];
        let issued = 0;
        for (const now of steps) {
          if (now === 'issue') {
            underWay = [...underWay, `token-${issued++}`].slice(-16);
            tokens.issue();
          } else if (now < issued) {
            [had, underWay] = [[`token-${now}`], []];
            tokens.confirm(`token-${now}`);
          }
          const all = Array.from({ length: issued + 1 }, (_, k) => `token-${k}`);
          expect(all.filter((token) => tokens.verify(token)).sort()).toEqual([...had, ...underWay].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
