import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { rawRequest } from '../testing/raw-request.ts';
import { openWebServer, type WebServer } from './server.ts';

const open: { close(): Promise<void> }[] = [];
async function webServer(port = 0): Promise<WebServer> {
  const web = await openWebServer(port);
  open.push(web);
  return web;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((web) => web.close()));
});

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

describe('the web server', () => {
  test('responds with 503 until handlers are set', async () => {
    const web = await webServer();
    const { status, headers } = await rawRequest(web.port, '/');
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    web.serve({
      request: (_request, response) => response.end('now'),
      upgrade: (_request, socket) => socket.destroy(),
    });
    expect((await rawRequest(web.port, '/')).body).toBe('now');
  });

  test('fails with port_in_use and a sentence if the port is in use', async () => {
    const { port } = await webServer();
    await expect(openWebServer(port)).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(String(port)),
    });
  });

  test('H32 is not reachable at ::1 or another address of this machine', async () => {
    const { port } = await webServer();
    for (const host of ['::1', '127.0.0.2']) {
      const socket = connect(port, host);
      const error = await new Promise((resolve, reject) => {
        socket.once('error', resolve);
        socket.once('connect', () => reject(new Error(`connected to ${host}`)));
      });
      expect(error).toBeInstanceOf(Error);
    }
  });

  test('closes in time and frees its port despite a silent connection and an unfinished response', async () => {
    const web = await webServer();
    const requested = new Promise<void>((resolve) =>
      web.serve({ request: () => resolve(), upgrade: (_request, socket) => socket.destroy() }),
    );
    const silent = connect(web.port, '127.0.0.1');
    const waiting = connect(web.port, '127.0.0.1');
    const bothClosed = Promise.all([closed(silent), closed(waiting)]);
    for (const socket of [silent, waiting]) socket.on('error', () => undefined);
    waiting.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\n\r\n`);
    await requested;
    await Promise.all([web.close(), web.close(), bothClosed]);
    await webServer(web.port);
  });
});
