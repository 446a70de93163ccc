import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCookieCheck, createHostCheck, HOST_CHECK_TIMEOUT_MS } from './host-check.ts';

const origin = 'http://127.0.0.1:4000';
const token = 'the secret of this tab';

afterEach(() => vi.restoreAllMocks());

// main/web/host-proof.test.ts tests the check against the host's real answers.
describe('the host at this tab’s address', () => {
  test.each([
    ['no answer', 'nothing', () => Promise.reject<Response>(new TypeError('Failed to fetch'))],
    ['no answer', 'that it is still starting', () => new Response(null, { status: 503 })],
    ['another program', 'a page', () => new Response('<!doctype html>')],
    ['another program', 'something else', () => Response.json({ proof: 7 })],
    ['another program', 'that there is nothing', () => Response.json({ proof: 'x'.repeat(43) }, { status: 404 })],
    ['another program', 'with a way elsewhere', () => Response.redirect('http://127.0.0.1:4001/', 302)],
    ['another launch', 'as Earshot does, under another secret', () => Response.json({ proof: 'x'.repeat(43) })],
  ])('is `%s` if the answer is %s', async (who, _what, answer) => {
    expect(await createHostCheck({ origin, token, fetch: async () => answer() })()).toBe(who);
  });

  test('is `no answer` if the host does not answer in time', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const aborted = async (_input: unknown, init?: RequestInit) => init?.signal?.throwIfAborted();
    const check = createHostCheck({ origin, token, fetch: aborted as unknown as typeof fetch });
    expect(await check()).toBe('no answer');
    expect(timeout).toHaveBeenCalledExactlyOnceWith(HOST_CHECK_TIMEOUT_MS);
  });
});

describe('H69 the browser’s cookies', () => {
  const check = (answer: () => Response | Promise<Response>) => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => answer());
    return { fetch, hasTooMany: createCookieCheck({ origin, fetch }) };
  };

  test.each([
    ['too many if the host refuses them', true, () => new Response(null, { status: 431 })],
    ['not too many if the host answers', false, () => Response.json({ proof: 'x'.repeat(43) })],
    ['unknown if there is no answer', false, () => Promise.reject<Response>(new TypeError('gone'))],
  ])('are %s', async (_title, expected, answer) => {
    const { fetch, hasTooMany } = check(answer);
    expect(await hasTooMany()).toBe(expected);
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ credentials: 'same-origin' });
  });

  test('are not sent with the host check', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(null, { status: 503 }));
    await createHostCheck({ origin, token, fetch })();
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ credentials: 'omit' });
  });
});
