import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClientProof } from '../../shared/client-proof.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { createLinkPage, type LinkPage } from './link-page.ts';
import { pageAddress } from './page-address.ts';
import type { PageRefusal } from './page-guard.ts';
import { openWebServer, type WebServer } from './server.ts';

const token = 'a-launch-token-0123456789abcdefghijklmnopqr';
const ME = 1_000;
const NONCE = 'n'.repeat(22);

let web: WebServer;
let linkPage: LinkPage;
let address: Parameters<typeof createLinkPage>[0]['address'];
let requestUser: number | null;
const onReset = vi.fn();
const refusals: (PageRefusal | null)[] = [];

beforeEach(async () => {
  web = await openWebServer(0);
  const at = pageAddress(web.port, `${'a'.repeat(32)}.localhost`);
  if (at.linkPage === null) throw new Error('the address has no link page');
  address = { ...at, linkPage: at.linkPage };
  requestUser = ME;
  onReset.mockReset();
  refusals.length = 0;
  linkPage = createLinkPage({
    address,
    proofs: createLaunchProofs(token),
    serve: (request, response) => void response.end(`served ${request.url}`),
    onReset,
    user: ME,
    userOf: () => requestUser,
  });
  web.serve({
    upgrade: (_request, socket) => socket.destroy(),
    request(request, response) {
      if (!linkPage.handles(request)) return void response.writeHead(404).end('not for the link page');
      const refusal = linkPage.answer(request, response);
      if (refusal !== null) response.writeHead(refusal.status).end(refusal.why);
    },
  });
});
afterEach(() => web.close());

const atLink = (path: string, headers: Record<string, string> = {}) =>
  rawRequest(web.port, path, { headers: { Host: address.linkPage.host, ...headers } });
const reset = (more: { path?: string; method?: string; headers?: Record<string, string> } = {}) =>
  rawRequest(web.port, more.path ?? `/reset?nonce=${NONCE}`, {
    method: more.method ?? 'POST',
    headers: { Host: address.page.host, Origin: address.linkPage.origin, ...more.headers },
  });

describe('H67 the link’s origin', () => {
  test('serves its own page instead of the window’s', async () => {
    for (const path of ['/', '/index.html', '/?a']) expect((await atLink(path)).body).toBe('served /link-page.html');
    expect((await atLink('/assets/a.js')).body).toBe('served /assets/a.js');
  });

  test('is checked like every other, and serves no service worker', async () => {
    expect((await atLink('/', { Origin: 'http://evil.com' })).body).toBe('origin');
    expect((await atLink('/assets/a.js', { 'Service-Worker': 'script' })).body).toBe('service worker');
  });

  test('is served under its name and those of former launches', async () => {
    const at = (Host: string) => rawRequest(web.port, '/', { headers: { Host } });
    for (const host of [address.page.host, address.numeric.host, `x${address.page.host}`, 'evil.com'])
      expect((await at(host)).body).toBe('not for the link page');
    const former = await at(`former.${address.page.host}`);
    expect([former.status, former.headers.location]).toEqual([303, `${address.page.origin}/`]);
  });
});

describe('H67 a request to clear the browser’s data of the page’s origin', () => {
  test('is answered for the link page, with the proof of the host', async () => {
    const { status, headers, body } = await reset();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'clear-site-data': '"cache", "storage"',
      'access-control-allow-origin': address.linkPage.origin,
      'access-control-allow-credentials': 'true',
      'cache-control': 'no-store',
    });
    const { proof, pass } = JSON.parse(body);
    const { page, linkPage: link } = address;
    const proofOptions = { secret: token, url: `${page.origin}/reset`, protocol: '', nonce: NONCE };
    expect(createClientProof({ ...proofOptions, origin: link.origin }).accepts(proof)).toBe(true);
    // Under no other name.
    expect(createClientProof({ ...proofOptions, origin: page.origin }).accepts(proof)).toBe(false);
    expect(
      createClientProof({ ...proofOptions, origin: link.origin, url: `${page.origin}/launch` }).accepts(proof),
    ).toBe(false);
    expect(pass).toMatch(/^[\w-]{43}$/);
    expect(body).not.toContain(token);
    expect(onReset).toHaveBeenCalledOnce();
  });

  test.each<[string, Parameters<typeof reset>[0], number, string]>([
    ['another page', { headers: { Origin: 'http://evil.com' } }, 403, 'origin'],
    ['a page without an origin', { headers: { Origin: 'null' } }, 403, 'origin'],
    ['another method', { method: 'GET' }, 405, 'method'],
    ['a preflight', { method: 'OPTIONS' }, 405, 'method'],
    ['no nonce', { path: '/reset' }, 400, 'nonce'],
    ['an invalid nonce', { path: '/reset?nonce=x' }, 400, 'nonce'],
  ])('is refused for %s', async (_title, request, status, why) => {
    const answer = await reset(request);
    expect([answer.status, answer.body]).toEqual([status, why]);
    expect(Object.keys(answer.headers).filter((name) => /^access-control|^clear/.test(name))).toEqual([]);
  });

  test('is refused for the page itself', async () => {
    expect((await reset({ headers: { Origin: address.page.origin } })).body).toBe('origin');
  });

  test('is refused on a connection of another user’s program', async () => {
    requestUser = ME + 1;
    expect((await reset()).body).toBe('another user');
    requestUser = null;
    expect((await reset()).status).toBe(200);
  });
});

describe('H67 a browser that has cleared the data', () => {
  const passOf = async () => JSON.parse((await reset()).body).pass as string;

  test('is redirected to the page the next time, so that open tabs keep their data', async () => {
    const pass = await passOf();
    const { status, headers } = await atLink('/', { Cookie: `a=b; earshot-pass=x; earshot-pass=${pass}` });
    expect([status, headers.location]).toEqual([303, `${address.page.origin}/`]);
    for (const cookie of ['earshot-pass=', `earshot-pass=${pass}x`, `pass=${pass}`])
      expect((await atLink('/', { Cookie: cookie })).status).toBe(200);
  });

  test('clears the data again after the port was lost, when another program may have had it', async () => {
    const pass = await passOf();
    linkPage.renew();
    expect((await atLink('/', { Cookie: `earshot-pass=${pass}` })).status).toBe(200);
  });
});
