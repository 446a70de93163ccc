import { expect, test, vi } from 'vitest';
import { sign } from '../../shared/client-proof.ts';
import { signedText } from '../../shared/proof.ts';
import { redirectToPage } from './redirect.ts';

const TOKEN = 'a-launch-token-0123456789abcdefghijklmnopqr';
const LINK = 'launch.name.localhost:4000';
const proofOf = (url: unknown) => {
  const { host, pathname: path, searchParams } = new URL(String(url));
  const nonce = searchParams.get('nonce') ?? '';
  return sign(TOKEN, signedText('host', { path, host, origin: `http://${LINK}`, nonce }));
};

function fakeWindow(answer: (url: unknown) => Promise<Response>, hash = `#token=${TOKEN}`) {
  const fetched = vi.fn<(url: unknown, init?: RequestInit) => Promise<Response>>(answer);
  return {
    location: { host: LINK, origin: `http://${LINK}`, hash, replace: vi.fn() },
    fetch: fetched as unknown as typeof fetch & typeof fetched,
    setCookie: vi.fn(),
  };
}
const answerOfHost = async (url: unknown) => Response.json({ proof: proofOf(url), pass: 'the-pass' });

test('H67 the link page has the page’s site data cleared, without sending the secret, and redirects there with it', async () => {
  const window = fakeWindow(answerOfHost);
  await redirectToPage(window);
  expect(window.location.replace).toHaveBeenCalledExactlyOnceWith(`http://name.localhost:4000/#token=${TOKEN}`);
  expect(window.setCookie).toHaveBeenCalledExactlyOnceWith('earshot-pass=the-pass; SameSite=Lax');
  const [url, init] = window.fetch.mock.calls[0] ?? [];
  expect(String(url)).toMatch(/^http:\/\/name\.localhost:4000\/reset\?nonce=[\w-]{22}$/);
  expect(init).toMatchObject({ method: 'POST', credentials: 'include', redirect: 'error' });
  expect(JSON.stringify([url, init])).not.toContain(TOKEN);
});

test('a link without a secret redirects to the page immediately, which reports it', async () => {
  const window = fakeWindow(answerOfHost, '');
  await redirectToPage(window);
  expect(window.location.replace).toHaveBeenCalledExactlyOnceWith('http://name.localhost:4000/');
  expect(window.fetch).not.toHaveBeenCalled();
});

test.each<[string, () => Promise<Response>, string]>([
  ['no answer', () => Promise.reject(new TypeError('failed')), 'entrance_unreachable'],
  ['an answer of another program', async () => new Response('<!doctype html>'), 'entrance_unproven'],
  [
    'an answer with another proof',
    async () => Response.json({ proof: 'p'.repeat(43), pass: 'x' }),
    'entrance_unproven',
  ],
  ['a refusal', async () => new Response('Forbidden.', { status: 403 }), 'entrance_unproven'],
])('H67 the secret is not passed on after %s', async (_title, answer, code) => {
  const window = fakeWindow(answer);
  await expect(redirectToPage(window)).rejects.toMatchObject({ code });
  expect([window.location.replace.mock.calls, window.setCookie.mock.calls]).toEqual([[], []]);
});
