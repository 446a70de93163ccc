import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/protocol.ts';

/** A server that can be stopped and started again in one process. It may keep state of its clients in between. */
export interface RestartableServer {
  /**
   * Listens on 127.0.0.1.
   * @param port 0: the system chooses
   * @returns the port
   */
  listen(port: number): Promise<number>;
  /** Closes every connection as its library does, and stops listening. */
  close(): Promise<void>;
}

/** A client that does not answer the closing handshake within this time (ms) is terminated, as by Earshot's server. */
const CLOSE_MS = 1_000;

/** A `ws` server. Its `close()` only waits for the clients: the documentation leaves closing them to the program. */
export function createWsServer(onFrame: (frame: Uint8Array) => void): RestartableServer {
  let server: WebSocketServer | null = null;
  return {
    async listen(port) {
      const listening = new WebSocketServer({ host: '127.0.0.1', port });
      server = listening;
      listening.on('connection', (socket) => {
        socket.on('message', (data: Buffer) => onFrame(data));
        // Expected of a destroyed socket; what was lost shows in the result.
        socket.on('error', () => undefined);
      });
      await new Promise((resolve, reject) => listening.once('listening', resolve).once('error', reject));
      return (listening.address() as AddressInfo).port;
    },
    async close() {
      const clients = [...(server?.clients ?? [])];
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const client of clients) client.close(CLOSE.goingAway, 'server going away');
      const force = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, CLOSE_MS);
      await closed;
      clearTimeout(force);
    },
  };
}

/**
 * A Socket.IO server with connection state recovery, as documented. The server object is kept through a restart, and
 * with it the state of its clients, as Earshot's sessions are.
 */
export function createSocketIoServer(onFrame: (frame: Uint8Array) => void): RestartableServer {
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1000, skipMiddlewares: true },
  });
  io.on('connection', (socket) => {
    // Without an event from the server a client has no offset, and its state is not recovered.
    if (!socket.recovered) socket.emit('hello');
    socket.on('frame', (frame: Uint8Array, done?: () => void) => {
      onFrame(frame);
      done?.();
    });
    socket.on('end', (done: () => void) => done());
  });
  return {
    async listen(port) {
      const http = createServer();
      io.attach(http);
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, '127.0.0.1', resolve);
      });
      return (http.address() as AddressInfo).port;
    },
    close: () => io.close(),
  };
}
