import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHostCheck, HOST_CHECK_TIMEOUT_MS } from './host-check.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

afterEach(() => vi.restoreAllMocks());

// What a host answers, and what a tab makes of it: main/web/host-proof.test.ts.
describe('the host at this tab’s address', () => {
  it.each([
    ['nothing', () => Promise.reject<Response>(new TypeError('Failed to fetch'))],
    ['a page', () => new Response('<!doctype html>')],
    ['something else', () => Response.json({ proof: 7 })],
    ['an error', () => Response.json({ proof: 'x'.repeat(43) }, { status: 503 })],
  ])('is nobody when it answers %s', async (_what, answer) => {
    expect(await createHostCheck({ origin, token, fetch: async () => answer() })()).toBe('nobody');
  });

  it('is nobody when it does not answer in time', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const aborted = async (_input: unknown, init?: RequestInit) => init?.signal?.throwIfAborted();
    const check = createHostCheck({ origin, token, fetch: aborted as unknown as typeof fetch });
    expect(await check()).toBe('nobody');
    expect(timeout).toHaveBeenCalledExactlyOnceWith(HOST_CHECK_TIMEOUT_MS);
  });
});
