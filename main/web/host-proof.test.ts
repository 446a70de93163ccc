import { describe, expect, it } from 'vitest';
import { createHostCheck } from '../../renderer/bridge/host-check.ts';
import { hostProof } from './host-proof.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

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
  it('finds its own host where its challenge is signed with its secret', async () => {
    const { check } = ask((path) => Response.json(hostProof(path, token)));
    expect(await check()).toBe('ours');
  });

  it('finds another launch where it is signed with another secret', async () => {
    const { check } = ask((path) => Response.json(hostProof(path, 'another secret')));
    expect(await check()).toBe('another launch');
  });

  it('never says its secret, and asks something new each time: an answer that was overheard proves nothing', async () => {
    let first: Response | null = null;
    const { asked, check } = ask((path) => {
      first ??= Response.json(hostProof(path, token));
      return first.clone();
    });
    expect(await check()).toBe('ours');
    expect(await check()).toBe('another launch');
    expect(new Set(asked).size).toBe(2);
    for (const url of asked) expect(url).not.toContain(token);
  });
});

it.each(['/launch', '/launch?challenge=', '/launch?challenge=short', `/launch?challenge=${'a'.repeat(44)}`])(
  'nothing is signed where there is no challenge: %s',
  (url) => expect(hostProof(url, token)).toBeNull(),
);
