import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { rawRequest } from '../main/testing/raw-request.ts';
import type { Host } from '../testing/shell.ts';
import { socketsOf } from './support/sockets.ts';
import { expect, test } from './support/test.ts';
import { connectVoiceClient } from './support/voice-client.ts';

/** The ports of the voice server and, in a tab, of the page. */
const portsOf = ({ origin, voice_url }: Host) =>
  [voice_url, origin].map((url) => Number(new URL(url).port)).filter((port) => port !== 0);

/** Every address of this machine except 127.0.0.1. */
function otherAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  // IPv6 link-local addresses can't be used without the name of their interface.
  return all.flatMap(({ address }) => (address === '127.0.0.1' || address.startsWith('fe80:') ? [] : [address]));
}

/** Opens a TCP connection. @returns `open`, or the error's code */
async function connectTo(host: string, port: number): Promise<string> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return 'open';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error';
  } finally {
    socket.destroy();
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`H32 after ${signal} every port is closed, even with an open session`, async ({ app }) => {
    const host = await app.runHost();
    const client = connectVoiceClient(host);
    await client.startTurn();
    for (const port of portsOf(host)) expect(await connectTo('127.0.0.1', port)).toBe('open');
    expect(await host.stop(signal), 'exit code').toBe(0);
    for (const port of portsOf(host)) expect(await connectTo('127.0.0.1', port)).toBe('ECONNREFUSED');
    await client.closed;
  });
}

test('H32 no port is open at ::1 or any other address of this machine', async ({ app }) => {
  const host = await app.runHost();
  for (const port of portsOf(host)) {
    for (const address of new Set(['::1', ...otherAddresses()])) {
      expect(await connectTo(address, port), `${address}, port ${port}`).not.toBe('open');
    }
  }
});

test('H32 every socket of the app’s processes is bound to 127.0.0.1, while idle and while listening', async ({
  app,
}) => {
  test.skip(process.platform !== 'linux', 'reads the sockets of a process from /proc');
  const earshot = await app.open();
  const host = app.host();
  const expectLoopback = () => {
    const sockets = socketsOf(host.pid);
    expect(sockets.filter(({ address }) => address !== '127.0.0.1')).toEqual([]);
    const listening = sockets.filter(({ state }) => state === 'listening').map(({ port }) => port);
    expect(listening).toEqual(expect.arrayContaining(portsOf(host)));
  };
  expectLoopback();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  expectLoopback();
});

test('H32 no response has a CORS header, for any method, path and origin', async ({ app, shell }) => {
  const host = await app.runHost();
  const preflight = {
    'Access-Control-Request-Method': 'GET',
    'Access-Control-Request-Headers': 'authorization',
    'Access-Control-Request-Private-Network': 'true',
  };
  const statuses = new Set<number>();
  for (const port of portsOf(host)) {
    const Host = `${new URL(host.voice_url).hostname}:${port}`;
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']) {
      for (const path of ['/', '/assets/none.js', '/metrics', '/ws/voice', '/ws/bridge']) {
        for (const Origin of [host.origin, 'null', 'http://evil.example']) {
          const { status, headers } = await rawRequest(port, path, { method, headers: { Host, Origin, ...preflight } });
          statuses.add(status);
          const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
          expect(cors, `${method} ${path} from ${Origin}`).toEqual([]);
        }
      }
    }
  }
  const pageStatuses = shell === 'tab' ? [200] : [];
  expect([...statuses].sort(), 'every status that the servers use').toEqual([...pageStatuses, 401, 403, 404, 405, 426]);
});
