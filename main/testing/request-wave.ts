import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// In a thread of its own: what the attack itself costs is not in what the server's thread measures.
const ATTACKER = `
const { connect } = require('node:net');
const { parentPort } = require('node:worker_threads');
parentPort.on('message', async ({ port, connections, bytes }) => {
  const sockets = [];
  await Promise.all(Array.from({ length: connections }, () => new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', resolve);
    // Nothing is ever read: there is no 'data' listener.
    socket.write(bytes, resolve);
    sockets.push(socket);
  })));
  parentPort.postMessage('sent');
  for (const socket of sockets) socket.destroy();
});
`;

interface Wave {
  port: number;
  connections: number;
  /** What each connection sends, in one write. */
  bytes: string;
}

export interface RequestWaves {
  /** Resolves when everything was sent, or cut; none of the answers is read. */
  send(wave: Wave): Promise<void>;
  end(): Promise<void>;
}

/** For tests: connections that send requests and read no answer, from another thread. */
export function startRequestWaves(): RequestWaves {
  const worker = new Worker(ATTACKER, { eval: true });
  return {
    async send(wave) {
      worker.postMessage(wave);
      await once(worker, 'message');
    },
    async end() {
      await worker.terminate();
    },
  };
}
