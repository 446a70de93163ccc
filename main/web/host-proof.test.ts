import { describe, expect, it } from 'vitest';
import { createHostCheck } from '../../renderer/bridge/host-check.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { hostProof } from './host-proof.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

/** What a host with this secret answers at the tab's address, or at another. */
const answerOf = (path: string, secret: string, at = { host: '127.0.0.1:4000', origin }) =>
  hostProof(path, at, createLaunchProofs(secret));

/** A tab's question to a host that answers so. */
function ask(answer: (path: string) => Response) {
  const asked: string[] = [];
  const fetchFrom = async (input: string | URL | Request) => {
    asked.push(String(input));
    return answer(String(input).slice(origin.length));
  };
  return { asked, check: createHostCheck({ origin, token, fetch: fetchFrom as typeof fetch }) };
}

describe('a tab that asks who is at its address', () => {
  it('finds its own host where its nonce is signed with its secret', async () => {
    const { check } = ask((path) => Response.json(answerOf(path, token)));
    expect(await check()).toBe('ours');
  });

  it('H66 is not taken in by its own host at another port, whose answer is handed on', async () => {
    const elsewhere = { host: '127.0.0.1:4001', origin: 'http://127.0.0.1:4001' };
    for (const at of [elsewhere, { ...elsewhere, origin }, { host: '127.0.0.1:4000', origin: elsewhere.origin }]) {
      const { check } = ask((path) => Response.json(answerOf(path, token, at)));
      expect(await check()).toBe('another launch');
    }
  });

  it('finds another launch where it is signed with another secret', async () => {
    const { check } = ask((path) => Response.json(answerOf(path, 'another secret')));
    expect(await check()).toBe('another launch');
  });

  it('never says its secret, and asks something new each time: an answer that was overheard proves nothing', async () => {
    let first: Response | null = null;
    const { asked, check } = ask((path) => {
      first ??= Response.json(answerOf(path, token));
      return first.clone();
    });
    expect(await check()).toBe('ours');
    expect(await check()).toBe('another launch');
    expect(new Set(asked).size).toBe(2);
    for (const url of asked) expect(url).not.toContain(token);
  });
});

it.each(['/launch', '/launch?nonce=', '/launch?nonce=short', `/launch?nonce=${'a'.repeat(23)}`])(
  'nothing is signed where there is no nonce: %s',
  (url) => expect(answerOf(url, token)).toBeNull(),
);
