import { setTimeout as sleep } from 'node:timers/promises';
import type WebSocket from 'ws';
import { HEARTBEAT_MS, parseServerMessage } from '../../shared/protocol.ts';
import { bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import type { IdleChild } from './child-api.ts';

/** Number of idle connections to measure: two fewer than the app's limit. */
const CONNECTIONS = 30;
/**
 * Number of connections to open and close before the measurement, so that compiled code and buffers, which stay in
 * memory, don't count.
 */
const WARM_UP = 200;

/** The server's cost of one idle connection. */
export interface IdleCost {
  /** Number of connections that were measured. */
  connections: number;
  /** Memory of one connection, in bytes. */
  bytes: number;
  /** CPU time (ms) per minute for the heartbeats of one connection. */
  cpuMsPerMinute: number;
}

/**
 * Measures the memory of idle connections, and the CPU time of their heartbeats.
 * @param heartbeats number of heartbeat intervals to measure, both with and without the connections
 */
export async function measureIdle(heartbeats: number): Promise<IdleCost> {
  const built = await bundle({ 'idle-server': new URL('./idle-server.ts', import.meta.url) });
  let server: IdleChild | null = null;
  const sockets: WebSocket[] = [];
  try {
    server = await startChild(built.file('idle-server'));
    const port = await server.call('port');
    for (let i = 0; i < WARM_UP; i++) await close(await connect(port));
    await untilSessions(server, 0);

    const bytesBefore = await server.call('usedBytes');
    const cpuWithout = await cpuOver(server, heartbeats * HEARTBEAT_MS);
    for (let i = 0; i < CONNECTIONS; i++) sockets.push(await connect(port));
    await untilSessions(server, CONNECTIONS);
    const bytes = (await server.call('usedBytes')) - bytesBefore;
    const cpuWith = await cpuOver(server, heartbeats * HEARTBEAT_MS);
    const minutes = (heartbeats * HEARTBEAT_MS) / 60_000;
    return {
      connections: CONNECTIONS,
      bytes: bytes / CONNECTIONS,
      cpuMsPerMinute: (cpuWith - cpuWithout) / CONNECTIONS / minutes,
    };
  } finally {
    for (const socket of sockets) socket.close(1000);
    await server?.stop();
    await built.remove();
  }
}

async function cpuOver(server: IdleChild, ms: number): Promise<number> {
  await server.call('takeCpuMs');
  await sleep(ms);
  return server.call('takeCpuMs');
}

/** Opens a connection, answers its welcome and then stays idle. */
function connect(port: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(port);
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      const parsed = parseServerMessage(data.toString());
      if (parsed.kind !== 'message' || parsed.message.event !== 'connected') return;
      sendReady(socket, parsed.message);
      resolve(socket);
    });
  });
}

async function close(socket: WebSocket): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close(1000);
  await closed;
}

async function untilSessions(server: IdleChild, count: number): Promise<void> {
  while ((await server.call('sessions')) !== count) await sleep(10);
}
