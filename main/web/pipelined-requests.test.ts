import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { createClientProof } from '../../shared/client-proof.ts';
import { PROTOCOL } from '../../shared/protocol.ts';
import { loopbackLookup } from '../testing/loopback-lookup.ts';
import { type RequestFlooder, startRequestFlooder } from '../testing/request-flood.ts';
import { startTab, type Tab } from './tab.ts';

// A tab has a session while a client without the token floods a port of the same process.

const CONNECTIONS = 256;
const PIPELINED = 1_500;
const ROUNDS = 3;
/** Interval between pings in ms, below the voice server's rate limit. */
const PING_EVERY_MS = 10;
/** If the answers to 256 × 1,500 requests were kept, they would take over 1,000 MB. */
const MOST_GROWTH_BYTES = 128 * 1024 * 1024;

// 768 connections twice take a while on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let root: string;
let tab: Tab;
let flooder: RequestFlooder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-pipelined-'));
  await mkdir(join(root, 'renderer'));
  await writeFile(join(root, 'renderer', 'index.html'), '<title>Earshot</title>');
  tab = await startTab({ port: 0, dataDir: join(root, 'data'), version: '1.0.0', rendererDir: join(root, 'renderer') });
  flooder = startRequestFlooder();
});
afterEach(async () => {
  await flooder.end();
  await tab.stop();
  await rm(root, { recursive: true, force: true });
});

/** A regular session, whose pings must be answered during the flood. */
async function openSession() {
  const { token: secret, origin, voiceUrl } = tab;
  const proof = createClientProof({ secret, url: voiceUrl ?? '', origin, protocol: PROTOCOL });
  const socket = new WebSocket(`${voiceUrl}?user_id=ada`, proof.protocols, { origin, lookup: loopbackLookup });
  let onPong: () => void = () => undefined;
  let pings = 0;
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.event === 'pong') return onPong();
      if (message.event !== 'connected') return;
      const answer = proof.answer(message.challenge);
      socket.send(JSON.stringify({ event: 'ready', session_id: message.session_id, proof: answer }));
      resolve();
    });
  });
  return {
    socket,
    /** Pings until the work is done, at least ten times. @returns CPU time of this process in ms, including the work */
    async during(work: Promise<void>): Promise<number> {
      const before = process.cpuUsage();
      let working = true;
      void work.then(() => {
        working = false;
      });
      for (let n = 0; working || n < 10; n++) {
        const pong = new Promise<void>((resolve) => {
          onPong = resolve;
        });
        socket.send(JSON.stringify({ event: 'ping', id: ++pings, client_time: performance.now() }));
        await pong;
        await wait(PING_EVERY_MS);
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    },
  };
}

test.each<[string, () => number | null]>([
  ["the page's server", () => Number(new URL(tab.origin).port)],
  ['the voice server', () => tab.host.voicePort()],
])(
  'H68 256 connections with 1,500 unread requests each at %s: memory stays bounded, and the CPU time is that of the connections alone',
  async (_, portOf) => {
    const port = portOf() ?? 0;
    // Refused, because the name is unknown. Node would keep all requests after the closing answer in memory.
    const pipelined = 'GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n'.repeat(PIPELINED);
    // The same number of bytes in one request, so that the difference is the cost of the other requests.
    const single = `POST / HTTP/1.1\r\nHost: elsewhere.example\r\nContent-Length: ${pipelined.length}\r\n\r\n${'x'.repeat(pipelined.length)}`;
    const session = await openSession();
    let ordinary = 0;
    for (let round = 0; round < ROUNDS; round++)
      ordinary += await session.during(flooder.send({ port, connections: CONNECTIONS, bytes: single }));
    const before = process.memoryUsage.rss();
    let attacked = 0;
    let max = 0;
    for (let round = 0; round < ROUNDS; round++) {
      attacked += await session.during(flooder.send({ port, connections: CONNECTIONS, bytes: pipelined }));
      max = Math.max(max, process.memoryUsage.rss() - before);
    }
    expect(max).toBeLessThan(MOST_GROWTH_BYTES);
    // The session waits for the thread. CPU time is measured because it does not depend on the load of the machine.
    // With an answer to each request it is seven to thirty times as much.
    expect(attacked / ordinary).toBeLessThan(5);
    expect(session.socket.readyState).toBe(WebSocket.OPEN);
    session.socket.terminate();
  },
);
