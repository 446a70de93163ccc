import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/protocol.ts';

/** A server that can end and begin again in one process; what it knows of its clients may outlive that. */
export interface RestartableServer {
  /**
   * Listens on 127.0.0.1.
   * @param port 0: the system chooses
   * @returns the port
   */
  listen(port: number): Promise<number>;
  /** Ends every connection in its library's own good order, and stops listening. */
  close(): Promise<void>;
}

/** A client that does not answer the closing handshake within this time (ms) is cut, as by Earshot's own server. */
const CLOSE_MS = 1_000;

/** A `ws` server: its documentation leaves it to the program to close the clients, which `close()` only waits for. */
export function createWsServer(hear: (frame: Uint8Array) => void): RestartableServer {
  let server: WebSocketServer | null = null;
  return {
    async listen(port) {
      const listening = new WebSocketServer({ host: '127.0.0.1', port });
      server = listening;
      listening.on('connection', (socket) => {
        socket.on('message', (data: Buffer) => hear(data));
        // A destroyed socket; the client's side shows what came of it.
        socket.on('error', () => undefined);
      });
      await new Promise((resolve, reject) => listening.once('listening', resolve).once('error', reject));
      return (listening.address() as AddressInfo).port;
    },
    async close() {
      const clients = [...(server?.clients ?? [])];
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const client of clients) client.close(CLOSE.goingAway, 'server going away');
      const cut = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, CLOSE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

/**
 * A Socket.IO server with connection state recovery, as documented. The server object stays and with it what it keeps of
 * its clients in memory: the same favour as Earshot's sessions get.
 */
export function createSocketIoServer(hear: (frame: Uint8Array) => void): RestartableServer {
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1000, skipMiddlewares: true },
  });
  io.on('connection', (socket) => {
    // Without one event from the server a client has no offset, and nothing is recovered.
    if (!socket.recovered) socket.emit('hello');
    socket.on('frame', (frame: Uint8Array, done?: () => void) => {
      hear(frame);
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
