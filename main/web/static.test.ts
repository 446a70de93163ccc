import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from '../testing/raw-request.ts';
import { openWebServer, type WebServer } from './server.ts';
import { loadStaticFiles, serveStatic } from './static.ts';

let root: string;
let dir: string;
let web: WebServer;
const get = (path: string, headers = {}, method = 'GET') => rawRequest(web.port, path, { headers, method });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-static-'));
  dir = join(root, 'renderer');
  await mkdir(join(dir, 'assets'), { recursive: true });
  await writeFile(join(root, 'secret.txt'), 'secret');
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>Earshot</title>');
  await writeFile(join(dir, 'icon.svg'), '<svg/>');
  await writeFile(join(dir, 'data.unknown'), 'bytes');
  await writeFile(join(dir, 'assets/index-B4x_9fQ2.js'), 'export {}');
  web = await openWebServer(0);
  web.serve({ request: serveStatic(await loadStaticFiles(dir)), upgrade: (_request, socket) => socket.destroy() });
});
afterAll(async () => {
  await web.close();
  await rm(root, { recursive: true });
});

describe('the files of the window', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-store'],
    ['/index.html', 'text/html; charset=utf-8', 'no-store'],
    ['/?theme=dark', 'text/html; charset=utf-8', 'no-store'],
    ['/icon.svg', 'image/svg+xml', 'no-cache'],
    ['/assets/index-B4x_9fQ2.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/data.unknown', 'application/octet-stream', 'no-cache'],
  ])('%s is served with its type and cache lifetime', async (path, type, cache) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(type);
    expect(headers['cache-control']).toBe(cache);
  });

  test('are sent whole, even if a range is requested', async () => {
    const { status, body } = await get('/icon.svg', { Range: 'bytes=5-2' });
    expect([status, body]).toEqual([200, '<svg/>']);
  });

  test('are sent without a body for HEAD', async () => {
    const { status, headers, body } = await get('/icon.svg', {}, 'HEAD');
    expect([status, headers['content-length'], body]).toEqual([200, '6', '']);
  });

  test('are not sent again if they have not changed', async () => {
    const { headers } = await get('/');
    const again = await get('/', { 'If-None-Match': headers.etag });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await get('/', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '//index.html',
    '/assets',
    '/assets/',
    '/index.html%00',
    '/index.html/',
    '/__proto__',
    '/constructor',
  ])('are the only ones served: %s is not found', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  test('stay available after a new build removes the folder', async () => {
    const copy = join(root, 'copy');
    await mkdir(copy);
    await writeFile(join(copy, 'index.html'), 'old');
    const other = await openWebServer(0);
    other.serve({ request: serveStatic(await loadStaticFiles(copy)), upgrade: (_request, socket) => socket.destroy() });
    await rm(copy, { recursive: true });
    expect((await rawRequest(other.port, '/')).body).toBe('old');
    await other.close();
  });

  test('fail at start if they were not built, with a hint', async () => {
    await expect(loadStaticFiles(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'renderer_missing',
      message: expect.stringContaining('npm run build'),
    });
    await expect(loadStaticFiles(join(dir, 'assets'))).rejects.toMatchObject({ code: 'renderer_missing' });
  });
});
