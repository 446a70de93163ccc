import { describe, expect, test } from 'vitest';
import { pageAddress } from './page-address.ts';
import { refusePage } from './page-guard.ts';

const NAME = '0123456789abcdef0123456789abcdef.localhost';
const named = pageAddress(4000, NAME);
const numeric = pageAddress(4000, null);

const own = ['Host', `${NAME}:4000`];
const good = { method: 'GET', url: '/', rawHeaders: own, remoteAddress: '127.0.0.1' };
const status = (request: Partial<typeof good>) =>
  refusePage({ ...good, ...request }, named.page, named)?.status ?? null;

describe('a request for the page', () => {
  test('is accepted with our address', () => {
    expect(status({})).toBeNull();
    expect(status({ method: 'HEAD', url: '/assets/a.js?x' })).toBeNull();
    expect(status({ rawHeaders: ['hOST', `${NAME}:4000`, 'Accept', 'Host'] })).toBeNull();
  });

  test.each([
    'evil.com',
    'localhost:4000',
    '127.0.0.1:4000',
    '[::1]:4000',
    NAME,
    `${NAME}:4001`,
    `${NAME}:4000.evil.com`,
    `${NAME}.:4000`,
    `${NAME.toUpperCase()}:4000`,
    `x${NAME}:4000`,
    named.linkPage?.host ?? '',
    named.oneTimeLink.host,
    '',
  ])('H29 is refused for Host %j', (host) => {
    expect(status({ rawHeaders: ['Host', host] })).toBe(403);
  });

  test('H67 by another name is answered with a hint to use the printed link, without the name; at 127.0.0.1 it is logged', () => {
    const from = (host: string) => refusePage({ ...good, rawHeaders: ['Host', host] }, named.page, named);
    for (const host of ['127.0.0.1:4000', 'localhost:4000', 'evil.com']) {
      expect(from(host)?.body).toContain('Open the whole link that Earshot printed');
      expect(JSON.stringify(from(host))).not.toContain(NAME.split('.')[0]);
    }
    expect([from('127.0.0.1:4000')?.why, from('localhost:4000')?.why]).toEqual(['numeric address', 'host']);
    const typed = refusePage({ ...good, rawHeaders: ['Host', 'localhost:4000'] }, numeric.page, numeric);
    expect(typed?.body).toBe('Earshot answers at http://127.0.0.1:4000/ only.');
  });

  test('H67 for the script of a service worker is refused', () => {
    expect(status({ rawHeaders: [...own, 'Service-Worker', 'script'], url: '/assets/a.js' })).toBe(403);
  });

  test('on port 80 is accepted with our address without the port, as browsers send it', () => {
    const at80 = pageAddress(80, null);
    const on80 = (rawHeaders: string[]) => refusePage({ ...good, rawHeaders }, at80.page, at80)?.status ?? null;
    expect(on80(['Host', '127.0.0.1'])).toBeNull();
    expect(on80(['Host', '127.0.0.1', 'Origin', 'http://127.0.0.1'])).toBeNull();
    for (const host of ['127.0.0.1:80', '127.0.0.1:', '127.0.0.1:4000', 'localhost', 'evil.com', '']) {
      expect(on80(['Host', host]), host).toBe(403);
    }
    for (const origin of ['http://127.0.0.1:80', 'https://127.0.0.1', 'http://localhost', 'null']) {
      expect(on80(['Host', '127.0.0.1', 'Origin', origin]), origin).toBe(403);
    }
  });

  test('H29 with two Host headers, without one, or with an absolute URI is refused', () => {
    expect(status({ rawHeaders: [...own, ...own] })).toBe(403);
    expect(status({ rawHeaders: [] })).toBe(403);
    expect(status({ url: `http://${NAME}:4000/` })).toBe(400);
    expect(status({ url: '*' })).toBe(400);
  });

  test('H28 of a page of another origin is refused for every path; our page and a navigation are accepted', () => {
    for (const origin of [
      'http://evil.com',
      'null',
      'http://localhost:4000',
      'http://127.0.0.1:4000',
      `http://${NAME}:4001`,
      '',
    ]) {
      expect(status({ rawHeaders: [...own, 'Origin', origin], url: '/assets/a.js' })).toBe(403);
    }
    const ours = ['Origin', `http://${NAME}:4000`];
    expect(status({ rawHeaders: [...own, ...ours] })).toBeNull();
    expect(status({ rawHeaders: [...own, ...ours, ...ours] })).toBe(403);
  });

  test('H32 of another machine is refused', () => {
    expect(status({ remoteAddress: '192.168.1.7' })).toBe(403);
    expect(status({ remoteAddress: '::1' })).toBe(403);
  });

  test('H28 for a recording or a proof is refused for a foreign page, with or without an Origin; links to the page are allowed', () => {
    const recording = '/recordings/x/y.wav';
    const from = (url: string, ...sites: string[]) =>
      status({ url, rawHeaders: [...own, ...sites.flatMap((site) => ['Sec-Fetch-Site', site])] });
    for (const site of ['cross-site', 'same-site', 'Same-Origin', 'same-origin, none', '']) {
      expect([site, from(recording, site), from('/launch?x', site), from('/', site)]).toEqual([site, 403, 403, null]);
    }
    expect(from(recording, 'same-origin', 'cross-site')).toBe(403);
    // Our own page, an address typed by the user, and a program that is not a browser.
    expect([from(recording, 'same-origin'), from(recording, 'none'), from(recording)]).toEqual([null, null, null]);
  });

  test('H28 an upload needs the page’s own Origin, exactly once, and no other method or path may have a body', () => {
    const upload = { method: 'PUT', url: `/imports/${'i'.repeat(43)}/0` };
    const ours = ['Origin', `http://${NAME}:4000`];
    expect(status({ ...upload, rawHeaders: [...own, ...ours] })).toBeNull();
    expect(status({ ...upload, rawHeaders: [...own, ...ours, 'Sec-Fetch-Site', 'same-origin'] })).toBeNull();
    expect(status({ ...upload, rawHeaders: own })).toBe(403);
    expect(status({ ...upload, rawHeaders: [...own, ...ours, ...ours] })).toBe(403);
    expect(status({ ...upload, rawHeaders: [...own, ...ours, 'Sec-Fetch-Site', 'cross-site'] })).toBe(403);
    for (const origin of ['null', '', 'http://evil.com', 'http://127.0.0.1:4000', `http://${NAME}:4001`]) {
      expect([origin, status({ ...upload, rawHeaders: [...own, 'Origin', origin] })]).toEqual([origin, 403]);
    }
    expect(status({ ...upload, rawHeaders: ['Host', 'evil.com', ...ours] })).toBe(403);
    expect(status({ ...upload, method: 'POST', rawHeaders: [...own, ...ours] })).toBe(405);
    expect(status({ ...upload, url: '/recordings/x/y.wav', rawHeaders: [...own, ...ours] })).toBe(405);
    expect(status({ ...upload, url: '/Imports/x', rawHeaders: [...own, ...ours] })).toBe(405);
  });

  test('on the path of the bridge is answered with 426', () => {
    expect(status({ url: '/ws/bridge' })).toBe(426);
    expect(status({ url: '/ws/bridge?x' })).toBe(426);
    expect(refusePage({ ...good, url: '/ws/bridge' }, named.page, named)?.headers).toEqual({
      Upgrade: 'websocket',
    });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('with %s is not allowed', (method) => {
    expect(status({ method })).toBe(405);
  });
});
