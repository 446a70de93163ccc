import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHostCheck, HOST_CHECK_TIMEOUT_MS } from './host-check.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

afterEach(() => vi.restoreAllMocks());

// What a host answers, and what a tab makes of it: main/web/host-proof.test.ts.
describe('the host at this tab’s address', () => {
  it.each([
    ['nobody', 'nothing', () => Promise.reject<Response>(new TypeError('Failed to fetch'))],
    ['nobody', 'that it is still starting', () => new Response(null, { status: 503 })],
    ['another program', 'a page', () => new Response('<!doctype html>')],
    ['another program', 'something else', () => Response.json({ proof: 7 })],
    ['another program', 'that there is nothing', () => Response.json({ proof: 'x'.repeat(43) }, { status: 404 })],
    ['another program', 'with a way elsewhere', () => Response.redirect('http://127.0.0.1:4001/', 302)],
    ['another launch', 'as Earshot does, under another secret', () => Response.json({ proof: 'x'.repeat(43) })],
  ])('is %s when it answers %s', async (who, _what, answer) => {
    expect(await createHostCheck({ origin, token, fetch: async () => answer() })()).toBe(who);
  });

  it('is nobody when it does not answer in time', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const aborted = async (_input: unknown, init?: RequestInit) => init?.signal?.throwIfAborted();
    const check = createHostCheck({ origin, token, fetch: aborted as unknown as typeof fetch });
    expect(await check()).toBe('nobody');
    expect(timeout).toHaveBeenCalledExactlyOnceWith(HOST_CHECK_TIMEOUT_MS);
  });
});
