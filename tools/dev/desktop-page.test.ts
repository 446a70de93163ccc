import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Host } from '../../main/host/host.ts';

type Fake = typeof import('../../main/testing/fake-electron.ts');
// Imported through the mock: module and test must use the same instance.
const { openFakeWindow, protocol, resetFake, session } = (await import('electron')) as unknown as Fake;

vi.mock('electron', () => import('../../main/testing/fake-electron.ts'));

const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src ws://127.0.0.1:40123",
  'X-Content-Type-Options': 'nosniff',
};

const serveRecording = vi.fn<Host['serveRecording']>(async () => ({ status: 404, headers: {}, body: null }));
const receiveImport = vi.fn<Host['receiveImport']>(async () => ({ status: 204, error: null }));
let vite: Server;
let requests: IncomingMessage[];
let page: typeof import('./desktop-page.ts');
beforeEach(async () => {
  resetFake();
  vi.resetModules();
  requests = [];
  vite = createServer((request, response) => {
    requests.push(request);
    response.setHeader('Content-Type', 'text/javascript').setHeader('Access-Control-Allow-Origin', '*');
    response.writeHead(request.url === '/missing' ? 404 : 200).end('the answer');
  }).listen(0, '127.0.0.1');
  await once(vite, 'listening');
  vi.stubEnv('EARSHOT_DEV_PORT', String(port()));
  page = await import('./desktop-page.ts');
  serveRecording.mockClear();
  page.setupScheme('/not/used')({ headers: HEADERS, host: { serveRecording, receiveImport } });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vite.close();
  vite.closeAllConnections();
});

const port = () => (vite.address() as { port: number }).port;
const get = (url: string, method = 'GET', accept = '*/*') => {
  return protocol.handlers.get('earshot')?.(
    new Request(url, { method, headers: { Accept: accept } }),
  ) as Promise<Response>;
};

test('a request of the page is forwarded to Vite, with its query and Accept header', async () => {
  const response = await get('earshot://app/ui/button.css?t=1', 'GET', 'text/css');
  expect(requests.map(({ url, headers }) => [url, headers.accept])).toEqual([['/ui/button.css?t=1', 'text/css']]);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('the answer');
  expect(response.headers.get('Content-Type')).toBe('text/javascript');
});

test("the response has the product's headers, with Vite's socket in the policy, and none of Vite's", async () => {
  const { headers } = await get('earshot://app/main.tsx');
  expect(headers.get('Content-Security-Policy')).toBe(
    `default-src 'none'; script-src 'self' 'unsafe-inline'; connect-src ws://127.0.0.1:40123 ws://127.0.0.1:${port()}`,
  );
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
});

test('the host serves recordings, not Vite', async () => {
  serveRecording.mockResolvedValueOnce({ status: 200, headers: { 'Content-Type': 'audio/wav' }, body: null });
  const response = await get('earshot://app/recordings/s/a.wav');
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'audio/wav']);
  expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(requests).toEqual([]);
});

test('a file that Vite does not have is a 404', async () => {
  expect((await get('earshot://app/missing')).status).toBe(404);
});

test.each([
  ['earshot://evil/', 'GET'],
  ['https://app/', 'GET'],
  ['earshot://evil/recordings/s/a.wav', 'GET'],
  ['earshot://app/', 'POST'],
])('%s by %s is refused without asking Vite', async (url, method) => {
  expect((await get(url, method)).status).toBe(404);
  expect(requests).toEqual([]);
});

test('if Vite does not answer, the response says what to do', async () => {
  vite.close();
  vite.closeAllConnections();
  await once(vite, 'close');
  const response = await get('earshot://app/');
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('npm run dev');
});

test("the page may connect to Vite's socket, and otherwise only to what the product allows", async () => {
  const { defaultSession } = session;
  page.setupNetwork(defaultSession as never, { ports: [40_123], devTools: true }, vi.fn());
  expect(await defaultSession.requests(`ws://127.0.0.1:${port()}/?token=x`)).toBe(true);
  expect(await defaultSession.requests('ws://127.0.0.1:40123/ws/voice')).toBe(true);
  expect(await defaultSession.requests(`http://127.0.0.1:${port()}/main.tsx`)).toBe(false);
  expect(await defaultSession.requests('https://evil.example/')).toBe(false);
});

test('the page may reload itself but not navigate elsewhere', () => {
  const { webContents } = openFakeWindow();
  webContents.emit('will-frame-navigate', { url: 'earshot://app/index.html', isMainFrame: true });
  expect(webContents.reloads).toBe(1);
  webContents.emit('will-frame-navigate', { url: 'https://evil.example/', isMainFrame: true });
  webContents.emit('will-frame-navigate', { url: 'earshot://app/index.html', isMainFrame: false });
  expect(webContents.reloads).toBe(1);
});
