import { describe, expect, test } from 'vitest';
import { createHostCheck } from '../../renderer/bridge/host-check.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { hostProof } from './host-proof.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

/** The answer of a host with this secret, at the tab's address or another one. */
const answerOf = (path: string, secret: string, at = { host: '127.0.0.1:4000', origin }) =>
  hostProof(path, at, createLaunchProofs(secret));

/** A tab's check of a host with these answers. */
function checkAgainst(answer: (path: string) => Response) {
  const requested: string[] = [];
  const fetchFrom = async (input: string | URL | Request) => {
    requested.push(String(input));
    return answer(String(input).slice(origin.length));
  };
  return { requested, check: createHostCheck({ origin, token, fetch: fetchFrom as typeof fetch }) };
}

describe('a tab that checks the host at its address', () => {
  test('recognises its host if the nonce is signed with its secret', async () => {
    const { check } = checkAgainst((path) => Response.json(answerOf(path, token)));
    expect(await check()).toBe('ours');
  });

  test('H66 rejects an answer that its host signed for another port', async () => {
    const elsewhere = { host: '127.0.0.1:4001', origin: 'http://127.0.0.1:4001' };
    for (const at of [elsewhere, { ...elsewhere, origin }, { host: '127.0.0.1:4000', origin: elsewhere.origin }]) {
      const { check } = checkAgainst((path) => Response.json(answerOf(path, token, at)));
      expect(await check()).toBe('another launch');
    }
  });

  test('detects another launch if the nonce is signed with another secret', async () => {
    const { check } = checkAgainst((path) => Response.json(answerOf(path, 'another secret')));
    expect(await check()).toBe('another launch');
  });

  test('never sends its secret and uses a new nonce each time, so that a recorded answer proves nothing', async () => {
    let first: Response | null = null;
    const { requested, check } = checkAgainst((path) => {
      first ??= Response.json(answerOf(path, token));
      return first.clone();
    });
    expect(await check()).toBe('ours');
    expect(await check()).toBe('another launch');
    expect(new Set(requested).size).toBe(2);
    for (const url of requested) expect(url).not.toContain(token);
  });
});

test.each(['/launch', '/launch?nonce=', '/launch?nonce=short', `/launch?nonce=${'a'.repeat(23)}`])(
  'nothing is signed without a valid nonce: %s',
  (url) => expect(answerOf(url, token)).toBeNull(),
);
