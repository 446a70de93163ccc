import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextLoopIteration } from 'node:timers/promises';

/** How long a loopback connection may take, in ms. Normally it takes 1 ms. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * The result of connecting to the server's own port. `answers`: the connection arrived; `refused`: nothing listens
 * there; `silent`: it did not arrive, so another process has the port; `unknown`: this process could not connect.
 */
export type ListenerState = 'answers' | 'refused' | 'silent' | 'unknown';

/**
 * Errors of the connecting side (out of files, ports or memory, or not permitted): they say nothing about the listener.
 */
const LOCAL_ERRORS: ReadonlySet<string | undefined> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);

/**
 * Checks whether a server of this process is reachable: opens a TCP connection to it, sends nothing and closes it.
 * `server.listening` is not enough, because it stays true when the operating system has closed the port.
 * @param port on 127.0.0.1, where the server should listen
 * @param ms timeout; `open` is for tests
 * @returns never rejects
 */
export async function checkListener(
  server: Server,
  port: number,
  { ms = CHECK_TIMEOUT_MS, open = connect }: { ms?: number; open?: typeof connect } = {},
): Promise<ListenerState> {
  /** Accepted sockets by the remote port. */
  const accepted = new Map<number | undefined, Socket>();
  let onArrival: () => void = () => undefined;
  const onConnection = (socket: Socket): void => {
    accepted.set(socket.remotePort, socket);
    onArrival();
  };
  server.on('connection', onConnection);
  const socket = open({ port, host: '127.0.0.1' });
  let timer: NodeJS.Timeout | undefined;
  const hasArrived = (): boolean => !socket.connecting && accepted.has(socket.localPort);
  try {
    return await new Promise<ListenerState>((resolve) => {
      onArrival = () => {
        if (hasArrived()) resolve('answers');
      };
      socket.once('connect', onArrival);
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        if (LOCAL_ERRORS.has(code)) return resolve('unknown');
        resolve(code === 'ECONNREFUSED' ? 'refused' : 'silent');
      });
      timer = setTimeout(async () => {
        // After a stall or sleep, timers run before sockets. Let pending connections arrive first.
        await nextLoopIteration();
        await nextLoopIteration();
        resolve(hasArrived() ? 'answers' : 'silent');
      }, ms);
    });
  } finally {
    clearTimeout(timer);
    server.off('connection', onConnection);
    socket.on('error', () => undefined);
    accepted.get(socket.localPort)?.destroy();
    socket.destroy();
  }
}
