import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createClientProof } from '../../shared/client-proof.ts';
import { PROTOCOL } from '../../shared/protocol.ts';
import { type RequestWaves, startRequestWaves } from '../testing/request-wave.ts';
import { toLoopback } from '../testing/to-loopback.ts';
import { startTab, type Tab } from './tab.ts';

// A person listens in a tab while somebody without the token floods a port of the same process.

const CONNECTIONS = 256;
const PIPELINED = 1_500;
const ROUNDS = 3;
/** A ping this often (ms): within the pace that the voice server allows one session. */
const PING_EVERY_MS = 10;
/** 256 × 1,500 requests that are kept with their answers are over 1,000 MB. */
const MOST_GROWTH_BYTES = 128 * 1024 * 1024;

// 768 connections, twice: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

let root: string;
let tab: Tab;
let waves: RequestWaves;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-pipelined-'));
  await mkdir(join(root, 'renderer'));
  await writeFile(join(root, 'renderer', 'index.html'), '<title>Earshot</title>');
  tab = await startTab({ port: 0, dataDir: join(root, 'data'), version: '1.0.0', rendererDir: join(root, 'renderer') });
  waves = startRequestWaves();
});
afterEach(async () => {
  await waves.end();
  await tab.stop();
  await rm(root, { recursive: true, force: true });
});

/** An honest session, and how long each of its pings took (ms). */
async function openSession() {
  const { token: secret, origin, voiceUrl } = tab;
  const proof = createClientProof({ secret, url: voiceUrl ?? '', origin, protocol: PROTOCOL });
  const socket = new WebSocket(`${voiceUrl}?user_id=ada`, proof.protocols, { origin, lookup: toLoopback });
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
    /** Pings until the work is done, and at least ten times. */
    async during(work: Promise<void>): Promise<number[]> {
      let working = true;
      void work.then(() => {
        working = false;
      });
      const took: number[] = [];
      while (working || took.length < 10) {
        const began = performance.now();
        const pong = new Promise<void>((resolve) => {
          onPong = resolve;
        });
        socket.send(JSON.stringify({ event: 'ping', id: ++pings, client_time: began }));
        await pong;
        took.push(performance.now() - began);
        await wait(PING_EVERY_MS);
      }
      return took;
    },
  };
}

function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

it.each<[string, () => number | null]>([
  ["the page's server", () => Number(new URL(tab.origin).port)],
  ['the voice server', () => tab.host.voicePort()],
])(
  'H68 256 connections with 1,500 unread requests each at %s: memory stands, and so does p99 next door',
  async (_, portOf) => {
    const port = portOf() ?? 0;
    const { hostname } = new URL(tab.origin);
    const pipelined = `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`.repeat(PIPELINED);
    // As many bytes in one request, so that the difference is what the other requests cost.
    const single = `POST / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: ${pipelined.length}\r\n\r\n${'x'.repeat(pipelined.length)}`;
    const session = await openSession();
    const attacked: number[] = [];
    const ordinary: number[] = [];
    let most = 0;
    await session.during(waves.send({ port, connections: CONNECTIONS, bytes: single }));
    const before = process.memoryUsage.rss();
    for (let round = 0; round < ROUNDS; round++) {
      ordinary.push(...(await session.during(waves.send({ port, connections: CONNECTIONS, bytes: single }))));
      attacked.push(...(await session.during(waves.send({ port, connections: CONNECTIONS, bytes: pipelined }))));
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(most).toBeLessThan(MOST_GROWTH_BYTES);
    expect(p99(attacked) / p99(ordinary)).toBeLessThan(5);
    expect(session.socket.readyState).toBe(WebSocket.OPEN);
    session.socket.terminate();
  },
);
