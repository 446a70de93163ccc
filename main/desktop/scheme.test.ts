import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { Host } from '../host/host.ts';
import { protocol, resetFake } from '../testing/fake-electron.ts';
import { pageServer, registerScheme, setupScheme } from './scheme.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let folder: string;
let root: string;
const policy = { 'Content-Security-Policy': 'the policy', 'X-Content-Type-Options': 'nosniff' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-scheme-'));
  root = join(folder, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.json'), 'secret');
  await writeFile(join(root, '.hidden.json'), 'secret');
  await writeFile(join(root, 'index.html'), '<!doctype html>');
  await writeFile(join(root, 'program.exe'), 'secret');
  for (const name of ['a-Bx_1.js', 'a.css', 'a.svg', 'a.woff2']) await writeFile(join(root, 'assets', name), name);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
});

const serveRecording = vi.fn<Host['serveRecording']>(async () => ({ status: 404, headers: {}, body: null }));
const receiveImport = vi.fn<Host['receiveImport']>(async () => ({ status: 204, error: null }));
const host = { serveRecording, receiveImport };
const get = (url: string, method = 'GET', headers = new Headers()) =>
  pageServer(root, policy, host)({ url, method, headers, body: null });

test('the scheme is secure, supports fetch, code cache and streaming, and cannot bypass the content security policy', () => {
  registerScheme();
  expect(protocol.privileged).toEqual([
    {
      scheme: 'earshot',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
    },
  ]);
});

test('a page that is requested before the host runs is answered once it does, with the headers for its ports', async () => {
  const servePage = setupScheme(root);
  let answered = false;
  const response = protocol.handlers.get('earshot')?.(new Request('earshot://app/index.html'));
  void response?.then(() => {
    answered = true;
  });
  await new Promise(setImmediate);
  expect(answered).toBe(false);
  servePage({ headers: policy, host });
  expect((await response)?.status).toBe(200);
  expect((await response)?.headers.get('Content-Security-Policy')).toBe('the policy');
});

test.each([
  ['earshot://app/', 'text/html; charset=utf-8'],
  ['earshot://app/index.html?from=menu#top', 'text/html; charset=utf-8'],
  ['earshot://app/assets/a-Bx_1.js', 'text/javascript; charset=utf-8'],
  ['earshot://app/assets/a.css', 'text/css; charset=utf-8'],
  ['earshot://app/assets/a.svg', 'image/svg+xml'],
  ['earshot://app/assets/a.woff2', 'font/woff2'],
])('%s is served as %s', async (url, type) => {
  const response = await get(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe(type);
  expect((await response.text()).length).toBe(Number(response.headers.get('Content-Length')));
});

test('HEAD has the same headers and no body', async () => {
  const response = await get('earshot://app/assets/a.css', 'HEAD');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Length')).toBe('5');
  expect(await response.text()).toBe('');
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused with the allowed methods', async (method) => {
  const response = await get('earshot://app/index.html', method);
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe('GET, HEAD');
});

test.each([
  'earshot://evil/index.html',
  'earshot://app:1/index.html',
  'earshot:index.html',
  'https://app/index.html',
  'not a URL',
  'earshot://app/missing.html',
  'earshot://app/assets',
  'earshot://app/assets/',
  'earshot://app//index.html',
  'earshot://app/.hidden.json',
  'earshot://app/program.exe',
  'earshot://app/../secret.json',
  'earshot://app/assets/../../secret.json',
  'earshot://app/%2e%2e/secret.json',
  'earshot://app/..%2fsecret.json',
  'earshot://app/..%5csecret.json',
  'earshot://app/..\\secret.json',
  'earshot://app/assets/..%00/secret.json',
  'earshot://app/index.html%00',
  'earshot://app/C:/secret.json',
])('%s is not found', async (url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
});

test('no request is answered with a file outside the folder', async () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e',
    '%2f',
    '%5c',
    '\\',
    '/',
    'assets',
    'secret.json',
    'renderer',
    '%00',
    ':',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const response = await get(`earshot://app/${pieces.join('')}`);
      expect(await response.text()).not.toContain('secret');
    }),
  );
});

test('a recording is requested from the host, with its range', async () => {
  serveRecording.mockResolvedValueOnce({ status: 206, headers: { 'Content-Range': 'bytes 0-1/9' }, body: null });
  const response = await get('earshot://app/recordings/s/a.wav?x', 'GET', new Headers({ Range: 'bytes=0-1' }));
  expect([response.status, response.headers.get('Content-Range')]).toEqual([206, 'bytes 0-1/9']);
  expect(serveRecording).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ method: 'GET', path: '/recordings/s/a.wav', range: 'bytes=0-1' }),
  );
});

test.each([
  ['earshot://evil/recordings/s/a.wav', 'GET', 404],
  ['https://app/recordings/s/a.wav', 'GET', 404],
  ['earshot://app/recordings/s/a.wav', 'POST', 405],
])('%s with %s is not a request for a recording', async (url, method, status) => {
  expect((await get(url, method)).status).toBe(status);
  expect(serveRecording).not.toHaveBeenCalled();
});

const UPLOAD = `earshot://app/imports/${'i'.repeat(43)}/0`;
const put = (url: string, origin: string | null, body: Uint8Array<ArrayBuffer> | null = Uint8Array.of(1, 2)) => {
  const request = new Request(url, { method: 'PUT', body });
  const headers = new Headers(origin === null ? {} : { Origin: origin });
  return pageServer(root, policy, host)({ url, method: 'PUT', headers, body: request.body });
};

test('a piece of an import is handed to the host as it arrives, under the headers of the page', async () => {
  let received: number[] = [];
  receiveImport.mockImplementationOnce(async ({ body }) => {
    for await (const chunk of body) received = [...received, ...chunk];
    return { status: 204, error: null };
  });
  const response = await put(UPLOAD, 'earshot://app');
  expect([response.status, received]).toEqual([204, [1, 2]]);
  expect(receiveImport.mock.lastCall?.[0].path).toBe(`/imports/${'i'.repeat(43)}/0`);
  expect(response.headers.get('Content-Security-Policy')).toBe('the policy');
  // Electron leaves the header out.
  expect((await put(UPLOAD, null, null)).status).toBe(204);
});

test('a piece that the host refuses is answered with its code and sentence', async () => {
  receiveImport.mockResolvedValueOnce({ status: 507, error: new EarshotError('disk_full', 'The disk is full.') });
  const response = await put(UPLOAD, 'earshot://app');
  expect([response.status, await response.json()]).toEqual([507, { code: 'disk_full', message: 'The disk is full.' }]);
});

test('a body that the host does not read to its end is cancelled', async () => {
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(Uint8Array.of(1)), cancel });
  receiveImport.mockImplementationOnce(async ({ body }) => {
    for await (const _ of body) break;
    return { status: 409, error: new EarshotError('import_failed', 'Too large.') };
  });
  const headers = new Headers({ Origin: 'earshot://app' });
  await pageServer(root, policy, host)({ url: UPLOAD, method: 'PUT', headers, body });
  expect(cancel).toHaveBeenCalledOnce();
});

test.each([
  ['a foreign origin', UPLOAD, 'https://evil.com', 403],
  ['no origin of its own', UPLOAD, 'null', 403],
  ['another host', UPLOAD.replace('app', 'evil'), 'earshot://app', 405],
  ['another path', 'earshot://app/recordings/s/a.wav', 'earshot://app', 405],
])('H28 an upload with %s is refused', async (_why, url, origin, status) => {
  expect((await put(url, origin)).status).toBe(status);
  expect(receiveImport).not.toHaveBeenCalled();
});

test('H36 every response has the content security policy, also refusals', async () => {
  for (const [url, method] of [
    ['earshot://app/', 'GET'],
    ['earshot://app/missing.js', 'GET'],
    ['earshot://evil/', 'GET'],
    ['earshot://app/', 'POST'],
    ['earshot://app/recordings/s/a.wav', 'GET'],
  ] as const) {
    const { headers } = await get(url, method);
    expect(headers.get('Content-Security-Policy')).toBe('the policy');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});
