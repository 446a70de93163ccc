import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createCookieCheck, createHostCheck } from '../../renderer/bridge/host-check.ts';
import { connectSocketBridge, type SocketMaker } from '../../renderer/bridge/socket-bridge.ts';
import type { Bridge } from '../../shared/bridge.ts';
import { textOf } from '../../shared/log-line.ts';
import { preciseNow } from '../../shared/precise-clock.ts';
import { PROTOCOL } from '../../shared/protocol.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { CHECK_EVERY_MS } from '../guard/supervise-server.ts';
import { closeListener } from '../testing/close-listener.ts';
import { loopbackLookup } from '../testing/loopback-lookup.ts';
import { sendHandshake, validHandshake } from '../testing/raw-handshake.ts';
import { type RawAnswer, rawRequest } from '../testing/raw-request.ts';
import { startTab, type Tab, type TabOptions } from './tab.ts';

// Tests the whole path from the window's own bridge client to the host and back.

let root: string;
let rendererDir: string;
const tabs: Tab[] = [];
/** The sockets opened by the pages of this test. */
let sockets: WebSocket[] = [];

async function start(options: Partial<TabOptions> = {}): Promise<Tab> {
  const tab = await startTab({ port: 0, dataDir: join(root, 'data'), version: '1.2.3', rendererDir, ...options });
  tabs.push(tab);
  return tab;
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-tab-'));
  rendererDir = join(root, 'renderer');
  await mkdir(rendererDir);
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Earshot</title>');
  await writeFile(join(rendererDir, 'link-page.html'), '<!doctype html><title>Link page</title>');
});
afterEach(async () => {
  vi.useRealTimers();
  // Closed pages open no more sockets, so that none reconnects during the next test.
  const closed = sockets;
  sockets = [];
  for (const socket of closed) socket.terminate();
  await Promise.all(tabs.splice(0).map((tab) => tab.stop()));
  await rm(root, { recursive: true, force: true });
});

const portOf = (tab: Tab) => Number(new URL(tab.origin).port);
/** Sends a request to the page's own host name, or another one. */
const request = (
  tab: Tab,
  path: string,
  { method = 'GET', headers = {}, ...more }: RequestOptions = {},
): Promise<RawAnswer> =>
  rawRequest(portOf(tab), path, { method, headers: { Host: new URL(tab.origin).host, ...headers }, ...more });
interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/** A browser's fetch, which resolves names below `localhost`. */
function fetchFrom(tab: Tab): typeof fetch {
  return async (input) => {
    const { pathname, search } = new URL(String(input));
    const { status, body } = await request(tab, pathname + search);
    return new Response(body, { status });
  };
}

/** Connects the window's own bridge client for a page of this origin. */
async function connect(tab: Tab, token = tab.token, origin = tab.origin): Promise<Bridge> {
  const mine = sockets;
  function PageSocket(url: string, protocols: string[]): object {
    if (mine !== sockets) return { close: () => undefined };
    const socket = new WebSocket(url, protocols, { origin, lookup: loopbackLookup });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }
  const fetch = fetchFrom(tab);
  const { bridge } = await connectSocketBridge({
    url: `${tab.origin.replace('http', 'ws')}/ws/bridge`,
    token,
    origin,
    WebSocket: PageSocket as unknown as SocketMaker,
    checkHost: createHostCheck({ origin: tab.origin, token, fetch }),
    hasTooManyCookies: createCookieCheck({ origin: tab.origin, fetch }),
    random: () => 0,
  });
  // The host sends events only to windows whose proof it has checked.
  await bridge.getSettings();
  return bridge;
}

describe('a tab', () => {
  test('reaches every part of the host through its bridge', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    expect(await bridge.getAppInfo()).toMatchObject({ version: '1.2.3', shell: 'tab', data_dir: join(root, 'data') });
    expect(await bridge.getVoiceAddress()).toEqual({ url: tab.voiceUrl, token: '', accepting: true });
    expect(await bridge.getSettings()).toMatchObject({ theme: 'system' });
    expect(await bridge.listRecordings({ limit: 10 })).toEqual({ recordings: [], next: null, total: 0 });
    expect(await bridge.openWindow()).toBe(false);
    await expect(bridge.getRecordingUrl({ id: 'none' })).rejects.toMatchObject({ code: 'no_such_recording' });
    await expect(bridge.getRecordingUrl({ id: '../settings' })).rejects.toMatchObject({ code: 'bad_arguments' });
  });

  test('receives its own log records in the order of the log', async () => {
    const bridge = await connect(await start());
    const listener = vi.fn();
    bridge.onLogRecords(listener);
    const time = preciseNow();
    await bridge.appendLog([
      { time, side: 'client', event: 'PRESS', fields: { doing: 'connect' } },
      { time: time + 1, side: 'client', event: 'WS_OPEN', fields: {} },
    ]);
    await vi.waitFor(() =>
      expect(listener.mock.calls.flatMap(([records]) => records)).toEqual(
        expect.arrayContaining([expect.objectContaining({ event: 'WS_OPEN', side: 'client' })]),
      ),
    );
    const events = (await bridge.getLogHistory()).map((record) => record.event);
    expect(events.indexOf('PRESS')).toBeGreaterThan(events.indexOf('APP_STARTED'));
    expect(events.indexOf('WS_OPEN')).toBeGreaterThan(events.indexOf('PRESS'));
  });

  test('receives a setting that another tab changed', async () => {
    const tab = await start();
    const [one, two] = await Promise.all([connect(tab), connect(tab)]);
    const settings = [one, two].map((bridge) => new Promise((resolve) => bridge.onSettings(resolve)));
    await one.changeSettings({ theme: 'dark' });
    for (const received of await Promise.all(settings)) expect(received).toMatchObject({ theme: 'dark' });
  });

  test('is notified when the voice server stops and starts', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    const listener = vi.fn();
    bridge.onVoiceAddress(listener);
    await tab.host.restartVoice();
    await vi.waitFor(() =>
      expect(listener).toHaveBeenLastCalledWith({ url: tab.voiceUrl, token: '', accepting: true }),
    );
    expect(listener).toHaveBeenCalledWith(expect.objectContaining({ url: null, accepting: false }));
  });

  test('is served again on the same port after the listener was lost, and an open window is not affected', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const tab = await start();
    const bridge = await connect(tab);
    await closeListener(portOf(tab));
    await expect(request(tab, '/')).rejects.toThrow();
    vi.advanceTimersByTime(CHECK_EVERY_MS);
    await vi.waitFor(async () => expect((await request(tab, '/')).status).toBe(200));
    expect(sockets).toHaveLength(1);
    await vi.waitFor(async () => {
      const texts = (await bridge.getLogHistory()).map(textOf);
      expect(texts.some((text) => text.includes('The page server is running again on port'))).toBe(true);
    });
  });

  test('H66 the address of a recording that another program received while it had the port does not work afterwards', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const tab = await start();
    const bridge = await connect(tab);
    const id = '2026-11-27T17-00-00-000Z_aaaaaaaa_t1';
    const wav = Buffer.concat([encodeWavHeader(640), Buffer.alloc(640)]);
    await mkdir(join(root, 'data', 'recordings'), { recursive: true });
    await writeFile(join(root, 'data', 'recordings', `${id}.wav`), wav);
    const path = async () => `/${(await bridge.getRecordingUrl({ id })).url}`;
    const statusOf = async (at: string) => (await request(tab, at)).status;
    const known = await path();
    expect(await statusOf(known)).toBe(200);

    await closeListener(portOf(tab));
    const requested: string[] = [];
    const otherProgram = createServer((incoming, response) => {
      requested.push(incoming.url ?? '');
      response.end();
    });
    await once(otherProgram.listen(portOf(tab), '127.0.0.1'), 'listening');
    // The page requests the recording at the address that it knows.
    await statusOf(known);
    expect(requested).toEqual([known]);
    otherProgram.closeAllConnections();
    await once(otherProgram.close(), 'close');

    vi.advanceTimersByTime(CHECK_EVERY_MS);
    await vi.waitFor(async () => expect(await statusOf('/')).toBe(200));
    expect([await statusOf(known), await statusOf(await path())]).toEqual([404, 200]);
  });

  test('reconnects its bridge after a lost connection, without missing log records', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    const seqs = new Set<number>();
    bridge.onLogRecords((records) => {
      for (const { seq } of records) seqs.add(seq);
    });
    sockets[0]?.terminate();
    tab.host.log('WARNING', { type: 'said_meanwhile' });
    await vi.waitFor(async () => {
      const all = (await bridge.getLogHistory()).map((record) => record.seq);
      expect(all.length).toBeGreaterThan(3);
      expect([...seqs].sort((a, b) => a - b)).toEqual(all);
    });
  });
});

describe('the bridge is refused to', () => {
  test('H30 a tab without the token of this launch', async () => {
    const tab = await start();
    await expect(connect(tab, 'last-launch')).rejects.toMatchObject({ code: 'bridge_restarted' });
  });

  test('H28 a page of another origin', async () => {
    const tab = await start();
    await expect(connect(tab, tab.token, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'bridge_unreachable' });
  });

  test('plain HTTP, with 426', async () => {
    const { status, headers } = await request(await start(), '/ws/bridge');
    expect([status, headers.upgrade]).toEqual([426, 'websocket']);
  });
});

describe('a tab of a former launch', () => {
  test('is notified that Earshot was restarted, and is refused everywhere', async () => {
    const former = await start();
    const { token } = former;
    await former.stop();
    const tab = await start({ port: portOf(former) });
    await expect(connect(tab, token)).rejects.toMatchObject({ code: 'bridge_restarted' });
    await expect(connect(tab)).resolves.toBeDefined();
  });

  test('never sends its secret to the host at its address', async () => {
    const former = await start();
    const bridge = await connect(former);
    await former.stop();
    await start({ port: portOf(former) });
    await expect(bridge.getSettings()).rejects.toMatchObject({ code: 'bridge_restarted' });
    expect(sockets).toHaveLength(1);
  });

  test('that sends no nonce gets no proof', async () => {
    const { status, body } = await request(await start(), '/launch');
    expect([status, body]).toEqual([400, '{}']);
  });
});

describe('the page', () => {
  test('has its content security policy on every answer, and no answer has CORS headers', async () => {
    const tab = await start();
    const answers = await Promise.all([
      request(tab, '/'),
      request(tab, '/nowhere'),
      request(tab, '/', { headers: { Host: 'evil.com' } }),
      request(tab, '/ws/bridge'),
      request(tab, '/', { headers: { Origin: 'http://evil.com' } }),
      request(tab, '/', { method: 'POST' }),
      request(tab, '/', { method: 'OPTIONS' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 426, 403, 405, 405]);
    // Exactly the bridge's port and the two of the voice server.
    const ports = [new URL(tab.origin).port, ...tab.host.voicePorts];
    const { hostname } = new URL(tab.origin);
    const fetched = ['/launch', '/recordings/', '/imports/'].map((path) => `${tab.origin}${path}`);
    const endpoints = [...ports.map((port) => `ws://${hostname}:${port}`), ...fetched].join(' ');
    for (const { status, headers } of answers) {
      const names = Object.keys(headers);
      // Refusals do not contain the name.
      const reached = [200, 404].includes(status) ? endpoints : "'none'";
      expect(headers['content-security-policy']).toContain(`; connect-src ${reached}; `);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('has the token only in the fragment of its address; the server never sends it', async () => {
    const tab = await start();
    expect(new URL(tab.url).hash).toBe(`#token=${tab.token}`);
    const answer = await request(tab, '/');
    expect(JSON.stringify(answer)).not.toContain(tab.token);
  });
});

describe('H67 the name of the page', () => {
  const hostOf = (tab: Tab) => new URL(tab.origin).hostname;
  const expectLogged = (tab: Tab, part: string) =>
    vi.waitFor(async () => {
      const texts = (await tab.host.handlers.getLogHistory()).map(textOf);
      expect(texts.filter((text) => text.includes(part))).toHaveLength(1);
    });

  test('is random, the same at each start with a data folder, and different for another folder', async () => {
    const [first, other] = [await start(), await start({ dataDir: join(root, 'other') })];
    expect(hostOf(first)).toMatch(/^[0-9a-f]{32}\.localhost$/);
    expect(hostOf(other)).not.toBe(hostOf(first));
    await first.stop();
    const again = await start();
    expect(hostOf(again)).toBe(hostOf(first));
    // The name of the link is valid for one launch.
    expect(new URL(again.url).hostname).toMatch(new RegExp(`^[0-9a-f]{32}\\.${hostOf(first)}$`));
    expect(new URL(again.url).hostname).not.toBe(new URL(first.url).hostname);
  });

  test('is required for the page, the bridge and the voice server; at 127.0.0.1 the answer is a sentence without the name', async () => {
    const tab = await start();
    expect(new URL(tab.voiceUrl ?? '').hostname).toBe(hostOf(tab));
    const typed = await request(tab, '/', { headers: { Host: `127.0.0.1:${portOf(tab)}` } });
    expect([typed.status, typed.body.includes('Open the whole link')]).toEqual([403, true]);
    expect(JSON.stringify(typed)).not.toContain(hostOf(tab).split('.')[0]);
    expect(typed.headers['cache-control']).toBe('no-store');
    await expectLogged(tab, 'on=page | status=403 | why=numeric address');
  });

  test('is required for the voice server as well; its metrics are available at 127.0.0.1 too', async () => {
    const tab = await start();
    const port = tab.host.voicePort() ?? 0;
    const [ours, numeric] = [`${hostOf(tab)}:${port}`, `127.0.0.1:${port}`];
    for (const [host, status] of [
      [ours, 101],
      [numeric, 403],
    ] as const) {
      const name = host.replace(/:\d+$/, '');
      const at = { port, name, origin: tab.origin, token: tab.token, protocol: PROTOCOL };
      const answer = await sendHandshake(port, validHandshake({ ...at, target: '/ws/voice?user_id=ada' }));
      expect([host, answer.status]).toEqual([host, status]);
    }
    const Authorization = `Bearer ${tab.metricsToken}`;
    for (const [Host, status] of [
      [ours, 200],
      [numeric, 200],
      [`localhost:${port}`, 403],
      [`other.${ours}`, 403],
    ] as const) {
      const answer = await rawRequest(port, '/metrics', { headers: { Host, Authorization } });
      expect([Host, answer.status]).toEqual([Host, status]);
    }
  });

  test('of the link serves only the link page; a link of a former launch redirects to the page, without a secret', async () => {
    const tab = await start();
    const { host: Host } = new URL(tab.url);
    expect((await request(tab, '/', { headers: { Host } })).body).toContain('Link page');
    expect((await request(tab, '/index.html', { headers: { Host } })).body).toContain('Link page');
    const csp = (await request(tab, '/', { headers: { Host } })).headers['content-security-policy'];
    expect(csp).toContain(`; connect-src ${tab.origin}/reset; `);
    const former = await request(tab, '/', { headers: { Host: `former.${new URL(tab.origin).host}` } });
    expect([former.status, former.headers.location]).toEqual([303, `${tab.origin}/`]);
  });

  test('is not used with --numeric-address, and the log states the risk', async () => {
    const tab = await start({ numericAddress: true });
    expect([tab.origin, hostOf(tab)]).toEqual([`http://127.0.0.1:${portOf(tab)}`, '127.0.0.1']);
    expect(tab.url).toBe(`${tab.origin}/#token=${tab.token}`);
    expect(tab.voiceUrl).toContain('ws://127.0.0.1:');
    expect((await request(tab, '/')).status).toBe(200);
    await expectLogged(tab, 'type=numeric_address');
    expect(await (await connect(tab)).getAppInfo()).toMatchObject({ shell: 'tab' });
  });

  test('that can’t be read is replaced by a new one, with a log line', async () => {
    await mkdir(join(root, 'data'));
    await writeFile(join(root, 'data/page-name'), 'localhost\n');
    const tab = await start();
    expect(hostOf(tab)).toMatch(/^[0-9a-f]{32}\.localhost$/);
    await expectLogged(tab, 'type=page_name_renewed');
  });
});

describe('a recording', () => {
  const id = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
  const wav = 'the bytes of a recording';

  async function startWith(): Promise<{ tab: Tab; path: string }> {
    const tab = await start();
    await mkdir(join(root, 'data/recordings'), { recursive: true });
    await writeFile(join(root, 'data/recordings', `${id}.wav`), wav);
    const { url } = await (await connect(tab)).getRecordingUrl({ id });
    return { tab, path: `/${url}` };
  }

  test('is served by ranges, with the headers of the page, and is not cached', async () => {
    const { tab, path } = await startWith();
    const whole = await request(tab, path);
    expect([whole.status, whole.body]).toEqual([200, wav]);
    expect(whole.headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(wav.length),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("media-src 'self'"),
    });
    const part = await request(tab, path, { headers: { Range: 'bytes=4-8' } });
    expect([part.status, part.headers['content-range'], part.body]).toEqual([206, 'bytes 4-8/24', 'bytes']);
    const beyond = await request(tab, path, { headers: { Range: 'bytes=24-' } });
    expect([beyond.status, beyond.headers['content-range'], beyond.body]).toEqual([416, 'bytes */24', '']);
    const head = await request(tab, path, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '24', '']);
  });

  test('H30 is not available without a bridge: an address that was not issued is not found', async () => {
    const { tab, path } = await startWith();
    const signature = path.split('/')[2] ?? '';
    for (const other of [
      `/recordings/${id}.wav`,
      `/recordings/${'A'.repeat(43)}/${id}.wav`,
      path.replace(id, id.replace('t1', 't2')),
      path.replace(signature, signature.toLowerCase()),
      `/recordings/${signature}/../${id}.wav`,
      path.replace('recordings', 'Recordings'),
      `/recordings/${signature}/..%2fsettings.wav`,
    ]) {
      const { status, body } = await request(tab, other);
      expect([other, status, body.includes(wav)]).toEqual([other, 404, false]);
    }
    const log = JSON.stringify(await tab.host.handlers.getLogHistory());
    expect(log).not.toContain(signature);
  });

  test('H30 has another address after the next start, and the former one is not found', async () => {
    const { tab, path } = await startWith();
    await tab.stop();
    const next = await start({ port: portOf(tab) });
    expect((await request(next, path)).status).toBe(404);
    const { url } = await (await connect(next)).getRecordingUrl({ id });
    expect(`/${url}`).not.toBe(path);
    expect((await request(next, `/${url}`)).body).toBe(wav);
  });

  test('H28 H29 has the same checks as the page, and is refused for a page of another origin', async () => {
    const { tab, path } = await startWith();
    for (const headers of [
      { Host: 'evil.com' },
      { Origin: 'http://evil.com' },
      { 'Sec-Fetch-Site': 'cross-site' },
      // A page on another port of this machine.
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect((await request(tab, path, { headers })).status).toBe(403);
    }
    expect((await request(tab, path, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200);
    expect((await request(tab, path, { method: 'POST' })).status).toBe(405);
  });
});

describe('the address on the browser’s command line', () => {
  test('H30 contains no token, redirects once to the page with it, and is not found afterwards', async () => {
    const tab = await start();
    const { pathname, search, host: Host, hash } = new URL(tab.oneTimeUrl());
    expect(hash).toBe('');
    expect(search).not.toContain(tab.token);
    // Every user of the machine can read it, so it contains neither the page's name nor the link's.
    for (const label of new URL(tab.url).hostname.split('.').slice(0, -1)) expect(Host).not.toContain(label);
    expect((await request(tab, pathname + search)).status).toBe(403);
    const first = await request(tab, pathname + search, { headers: { Host } });
    expect([first.status, first.headers.location, first.body]).toEqual([303, tab.url, '']);
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.headers['content-security-policy']).toBeDefined();
    const second = await request(tab, pathname + search, { headers: { Host } });
    expect([second.status, second.headers.location]).toEqual([410, undefined]);
    expect(JSON.stringify(second)).not.toContain(tab.token);
    const log = JSON.stringify(await tab.host.handlers.getLogHistory());
    expect(log).not.toContain(search.slice('?code='.length));
  });

  test('H28 H29 has the same checks as the page', async () => {
    const tab = await start();
    const { pathname, search, host: Host } = new URL(tab.oneTimeUrl());
    for (const headers of [{ Host: 'evil.com' }, { Host, Origin: 'http://evil.com' }]) {
      const answer = await request(tab, pathname + search, { headers });
      expect([answer.status, answer.headers.location]).toEqual([403, undefined]);
    }
    expect((await request(tab, pathname + search, { headers: { Host } })).status).toBe(303);
  });
});

describe('starting and stopping', () => {
  test('fails with port_in_use if the port is in use, and leaves nothing running', async () => {
    const first = await start();
    await expect(start({ port: portOf(first), dataDir: join(root, 'other') })).rejects.toMatchObject({
      code: 'port_in_use',
    });
  });

  test('frees the page port if the host cannot start', async () => {
    const first = await start();
    const port = portOf(first);
    await first.stop();
    await writeFile(join(root, 'file'), '');
    await expect(start({ port, dataDir: join(root, 'file') })).rejects.toMatchObject({ code: 'data_dir_unusable' });
    await start({ port });
  });

  test('closes every socket with 1001 and frees both ports', async () => {
    const tab = await start();
    await connect(tab);
    const bridgeClosed = once(sockets[0] as WebSocket, 'close');
    const port = portOf(tab);
    const voicePort = tab.host.voicePort() ?? 0;
    await Promise.all([tab.stop(), tab.stop()]);
    expect((await bridgeClosed)[0]).toBe(1001);
    expect(tab.voiceUrl).toBeNull();
    await start({ port, voicePort });
  });
});

describe('the import of an audio file', () => {
  const samples = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
  const put = (tab: Tab, path: string, body: Uint8Array, headers: Record<string, string> = { Origin: tab.origin }) =>
    request(tab, path, { method: 'PUT', headers, body });

  test('uploads its samples in pieces, and every window hears of the recording', async () => {
    const tab = await start();
    const [bridge, other] = [await connect(tab), await connect(tab)];
    const saved = new Promise((resolve) => other.onRecordingSaved(resolve));
    const listed = new Promise((resolve) => other.onRecordingChanged(resolve));
    expect(await other.listRecordings({ limit: 10 })).toEqual({ recordings: [], next: null, total: 0 });
    const { id, url } = await bridge.beginImport({ name: 'talk.mp3' });
    const first = await put(tab, `/${url}/0`, samples(1, 2));
    expect([first.status, first.headers['cache-control'], first.body]).toEqual([204, 'no-store', '']);
    expect((await put(tab, `/${url}/4`, samples(3))).status).toBe(204);
    const info = await bridge.finishImport({ id });
    expect(info).toMatchObject({ imported_from: 'talk.mp3', user_id: 'me', complete: true });
    expect([await saved, await listed]).toEqual([info, info]);
    expect(await bridge.listRecordings({ limit: 10 })).toEqual({ recordings: [info], next: null, total: 1 });
    const recording = await request(tab, `/${(await bridge.getRecordingUrl({ id: info.id })).url}`);
    expect(recording.headers['content-length']).toBe('50');
    // A record waits until those before it can no longer arrive.
    const log = await vi.waitFor(async () => {
      const lines = (await bridge.getLogHistory()).map(textOf).join('\n');
      expect(lines).toContain(`RECORDING_IMPORTED | recording=${info.id}`);
      return lines;
    });
    expect(log).not.toContain('talk.mp3');
  });

  test('H28 is refused to every other page, and to a page that has no URL of it', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    const { id, url } = await bridge.beginImport({ name: 'talk.mp3' });
    expect((await put(tab, `/${url}/0`, samples(1), {})).status).toBe(403);
    expect((await put(tab, `/${url}/0`, samples(1), { Origin: 'http://evil.com' })).status).toBe(403);
    expect((await put(tab, `/${url}/0`, samples(1), { Origin: tab.origin, Host: 'evil.com' })).status).toBe(403);
    const unknown = await put(tab, `/imports/${'A'.repeat(43)}/0`, samples(1));
    expect([unknown.status, JSON.parse(unknown.body).code]).toEqual([404, 'no_such_import']);
    // GET has nothing to give there.
    expect((await request(tab, `/${url}/0`)).status).toBe(404);
    await expect(bridge.finishImport({ id })).rejects.toMatchObject({ code: 'import_empty' });
  });

  test('a piece beyond its limit is refused, and the server goes on', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    const { id, url } = await bridge.beginImport({ name: 'talk.mp3' });
    // The server may cut the connection while the rest is on its way.
    const answer = await put(tab, `/${url}/0`, new Uint8Array(4 * 1024 * 1024)).catch(() => null);
    expect(answer?.status ?? 409).toBe(409);
    expect((await put(tab, `/${url}/0`, samples(1))).status).toBe(204);
    expect((await bridge.finishImport({ id })).duration_s).toBe(1 / 16_000);
  });

  test('ends with the host, and leaves nothing in the folder', async () => {
    const tab = await start();
    const bridge = await connect(tab);
    const { url } = await bridge.beginImport({ name: 'talk.mp3' });
    await put(tab, `/${url}/0`, samples(1));
    await tab.stop();
    expect(await readdir(join(root, 'data', 'recordings'))).toEqual([]);
  });
});
