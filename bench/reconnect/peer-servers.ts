import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/protocol.ts';

/** A server that can be stopped and restarted in the same process. It may keep the state of its clients. */
export interface RestartableServer {
  /**
   * Listens on 127.0.0.1.
   * @param port 0: any free port
   * @returns the port
   */
  listen(port: number): Promise<number>;
  /** Closes every connection in the library's usual way, and stops listening. */
  close(): Promise<void>;
}

/** Time limit (ms) of the closing handshake, as in Earshot's server. After it the connection is terminated. */
const CLOSE_MS = 1_000;

/** A `ws` server. It closes the clients itself, because `close()` of `ws` only waits for them, as documented. */
export function createWsServer(onFrame: (frame: Uint8Array) => void): RestartableServer {
  let server: WebSocketServer | null = null;
  return {
    async listen(port) {
      const listening = new WebSocketServer({ host: '127.0.0.1', port });
      server = listening;
      listening.on('connection', (socket) => {
        socket.on('message', (data: Buffer) => onFrame(data));
        // Destroyed sockets cause errors. Lost frames are counted in the result.
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
 * A Socket.IO server with connection state recovery, as documented. A restart keeps the server object and with it the
 * state of its clients, as Earshot keeps its sessions.
 */
export function createSocketIoServer(onFrame: (frame: Uint8Array) => void): RestartableServer {
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1000, skipMiddlewares: true },
  });
  io.on('connection', (socket) => {
    // The client needs an event from the server to get an offset, without which its state is not recovered.
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
