import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { textOf } from '../../shared/log-line.ts';
import { answerOn, sendHandshake, validHandshake, withHeader } from '../testing/raw-handshake.ts';
import { MAX_COOKIE_BYTES } from './cookie-refusal.ts';
import { WEB_LIMITS } from './server.ts';
import { startTab, type Tab } from './tab.ts';

// Cookies of other local servers, which browsers send to every port, against the real server.

const RENDERER = join(import.meta.dirname, '../../renderer');
const NAVIGATION = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
/** Sizes in bytes that Node refuses, that the server refuses, and that are just allowed. */
const SIZES = {
  'more than Node accepts': WEB_LIMITS.headerBytes + 1,
  'more than the server accepts': MAX_COOKIE_BYTES + 1,
  'all 180 cookies of 4 KiB that a browser keeps': 180 * 4_096,
} as const;

let tab: Tab;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-cookies-'));
  tab = await startTab({ port: 0, dataDir, version: '0.0.0', rendererDir: RENDERER });
});
afterAll(async () => {
  await tab.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const host = () => new URL(tab.origin).host;
const port = () => Number(new URL(tab.origin).port);
const cookies = (bytes: number) => `a=${'x'.repeat(bytes - 2)}`;

function sendCookies(bytes: number, { accept = NAVIGATION, name = host(), more = '', method = 'GET' } = {}) {
  const request = `${method} / HTTP/1.1\r\nHost: ${name}\r\nAccept: ${accept}\r\n${more}Cookie: ${cookies(bytes)}\r\n\r\n`;
  return sendHandshake(port(), Buffer.from(request, 'latin1'));
}
const bodyOf = ({ bytes }: { bytes: string }) => bytes.slice(bytes.indexOf('\r\n\r\n') + 4);
const refusals = async () =>
  (await tab.host.handlers.getLogHistory()).flatMap((record) =>
    record.event === 'WS_REFUSED' ? [textOf(record)] : [],
  );

describe.each(Object.entries(SIZES))('H69 %s', (_title, bytes) => {
  test('a navigation gets a page that names the cause and the remedy, with our own headers', async () => {
    const answer = await sendCookies(bytes);
    expect(answer.status).toBe(431);
    expect(answer.headers.map((line) => line.toLowerCase())).toEqual(
      expect.arrayContaining([
        'connection: close',
        'content-type: text/html; charset=utf-8',
        'x-content-type-options: nosniff',
        'referrer-policy: no-referrer',
        'cross-origin-resource-policy: same-origin',
        'cache-control: no-store',
        expect.stringMatching(/^content-security-policy: default-src 'none'; style-src 'sha256-/),
      ]),
    );
    expect(answer.headers.filter((line) => /^content-security-policy:/i.test(line))).toHaveLength(1);
    const { hostname } = new URL(tab.origin);
    expect(bodyOf(answer)).toContain('Your browser sent more cookies for this address than Earshot accepts');
    expect(bodyOf(answer)).toContain(
      `Delete the cookies of ${hostname} in your browser’s settings`.replace('’', 'â\x80\x99'),
    );
    expect(bodyOf(answer)).toContain('open the link that Earshot printed');
    expect(answer.bytes).not.toContain(tab.token);
  });

  test('other requests get the same in plain text', async () => {
    const answer = await sendCookies(bytes, { accept: '*/*' });
    // Chunked if Node has parsed it as a request.
    expect(answer.status).toBe(431);
    expect(answer.headers).toContain('Content-Type: text/plain; charset=utf-8');
    expect(bodyOf(answer)).toMatch(/^(?:[0-9a-f]+\r\n)?Your browser sent more cookies/);
    expect(bodyOf(answer)).not.toContain('<');
  });

  test('a HEAD gets only the headers', async () => {
    const answer = await sendCookies(bytes, { method: 'HEAD' });
    expect([answer.status, bodyOf(answer)]).toEqual([431, '']);
  });

  test.each([
    ['under another name', { name: 'evil.com' }],
    ['from another page', { more: 'Origin: http://evil.com\r\n' }],
  ])('a request %s does not get the explanation', async (_who, options) => {
    const answer = await sendCookies(bytes, options);
    expect([403, 431]).toContain(answer.status);
    expect(bodyOf(answer)).not.toContain('cookies');
  });
});

test('H69 cookies of the maximum size are accepted for the page and its sockets', async () => {
  expect((await sendCookies(MAX_COOKIE_BYTES)).status).toBe(200);
  const { token, origin } = tab;
  const name = new URL(origin).hostname;
  const upgrade = validHandshake({
    port: port(),
    name,
    origin,
    token,
    protocol: 'earshot-bridge.v1',
    target: '/ws/bridge',
  });
  // A browser's other headers have about this length.
  const handshake = withHeader(withHeader(upgrade, 'Cookie', cookies(MAX_COOKIE_BYTES)), 'User-Agent', 'x'.repeat(700));
  expect((await sendHandshake(port(), handshake)).status).toBe(101);
});

test('H69 each refusal is one log line that names the cause', async () => {
  const before = (await refusals()).length;
  await vi.waitFor(async () => {
    await sendCookies(SIZES['more than Node accepts']);
    await sendCookies(SIZES['more than the server accepts']);
    const lines = (await refusals()).slice(before);
    expect(lines).toContain('⛔ WS_REFUSED | on=page | status=431 | why=headers too large');
    expect(lines).toContain('⛔ WS_REFUSED | on=page | status=431 | why=too many cookies');
  });
});

test('H69 a peer that keeps sending is disconnected', async () => {
  const socket = connect(port(), '127.0.0.1');
  const answer = answerOn(socket);
  socket.write(`GET / HTTP/1.1\r\nHost: ${host()}\r\nAccept: ${NAVIGATION}\r\nCookie: `);
  const more = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const write = () => {
    while (!socket.destroyed && socket.write(more)) sent += more.length;
  };
  socket.on('drain', write);
  write();
  await closed;
  expect((await answer).status).toBeOneOf([431, 0]);
  // The system's buffers take more than the server reads.
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test('H69 the voice server sends only the status', async () => {
  const { token, origin } = tab;
  const voicePort = tab.host.voicePort() ?? 0;
  const upgrade = validHandshake({
    port: voicePort,
    origin,
    token,
    protocol: 'voice.v1',
    target: '/ws/voice?user_id=ada',
  });
  const answer = await sendHandshake(
    voicePort,
    withHeader(upgrade, 'Cookie', cookies(SIZES['more than Node accepts'])),
  );
  expect(answer.bytes).toMatch(/^HTTP\/1\.1 431 [^\r\n]+\r\nConnection: close\r\nContent-Length: 0\r\n\r\n$/);
});
