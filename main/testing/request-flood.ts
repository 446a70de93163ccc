import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// Runs in its own thread, so that its cost is not measured in the server's thread.
const ATTACKER = `
const { connect } = require('node:net');
const { parentPort } = require('node:worker_threads');
parentPort.on('message', async ({ port, connections, bytes }) => {
  const sockets = [];
  await Promise.all(Array.from({ length: connections }, () => new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', resolve);
    // Without a 'data' listener nothing is read.
    socket.write(bytes, resolve);
    sockets.push(socket);
  })));
  parentPort.postMessage('sent');
  for (const socket of sockets) socket.destroy();
});
`;

interface Flood {
  port: number;
  connections: number;
  /** Sent by each connection in one write. */
  bytes: string;
}

export interface RequestFlooder {
  /** Resolves when every connection has sent its bytes or was closed. Reads no responses. */
  send(flood: Flood): Promise<void>;
  end(): Promise<void>;
}

/** Starts a thread that opens connections which send requests and read no responses. */
export function startRequestFlooder(): RequestFlooder {
  const worker = new Worker(ATTACKER, { eval: true });
  return {
    async send(flood) {
      worker.postMessage(flood);
      await once(worker, 'message');
    },
    async end() {
      await worker.terminate();
    },
  };
}
