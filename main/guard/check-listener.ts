import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

/** How long a connection of this machine to itself may take (ms): it takes one. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * What a server met that connected to its own port: `answers`; `refused`: nothing listens there; `silent`: the connection
 * did not reach the server, so that something else has the port; `unknown`: this process could not even ask.
 */
export type ListenerState = 'answers' | 'refused' | 'silent' | 'unknown';

/** The asking side is out of files, ports or memory, or may not ask: that says nothing about the listener. */
const CANNOT_ASK: ReadonlySet<string | undefined> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);

/**
 * Connects to a server of this process and sees whether the connection arrives there: a TCP connection that is closed again
 * without a request. What stands in the server's own `listening` is not enough: it stays true when the system took the port.
 * @param port of 127.0.0.1, where the server should listen
 * @param ms how long it may take; `open` is for tests
 * @returns never rejects
 */
export async function checkListener(
  server: Server,
  port: number,
  { ms = CHECK_TIMEOUT_MS, open = connect }: { ms?: number; open?: typeof connect } = {},
): Promise<ListenerState> {
  /** The far ends of what arrived, by port. */
  const arrived = new Map<number | undefined, Socket>();
  let onArrival: () => void = () => undefined;
  const note = (socket: Socket): void => {
    arrived.set(socket.remotePort, socket);
    onArrival();
  };
  server.on('connection', note);
  const socket = open({ port, host: '127.0.0.1' });
  let timer: NodeJS.Timeout | undefined;
  const isHere = (): boolean => !socket.connecting && arrived.has(socket.localPort);
  try {
    return await new Promise<ListenerState>((resolve) => {
      onArrival = () => {
        if (isHere()) resolve('answers');
      };
      socket.once('connect', onArrival);
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        if (CANNOT_ASK.has(code)) return resolve('unknown');
        resolve(code === 'ECONNREFUSED' ? 'refused' : 'silent');
      });
      timer = setTimeout(async () => {
        // After a stall or a sleep of the process timers come before sockets: what waits there counts first.
        await turnOfTheLoop();
        await turnOfTheLoop();
        resolve(isHere() ? 'answers' : 'silent');
      }, ms);
    });
  } finally {
    clearTimeout(timer);
    server.off('connection', note);
    socket.on('error', () => undefined);
    arrived.get(socket.localPort)?.destroy();
    socket.destroy();
  }
}
