import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The TCP connections to the servers of this process, whichever library uses them. */
export interface Connections {
  /** Destroys all connections to this port, as the exit of the process would. */
  destroy(port: number): void;
  /** Resolves when there are no connections to this port. */
  untilGone(port: number): Promise<void>;
  /** Resolves at the next connection to this port. */
  next(port: number): Promise<void>;
}

/** Starts tracking connections through Node's diagnostics channel `net.server.socket`. */
export function trackConnections(): Connections {
  const open = new Set<Socket>();
  let onGone: () => void = () => undefined;
  let onNew: (socket: Socket) => void = () => undefined;
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket };
    open.add(socket);
    onNew(socket);
    socket.once('close', () => {
      open.delete(socket);
      onGone();
    });
  });
  const on = (port: number) => [...open].filter((socket) => socket.localPort === port);
  return {
    destroy(port) {
      for (const socket of on(port)) socket.destroy();
    },
    untilGone: (port) =>
      new Promise((resolve) => {
        onGone = () => {
          if (on(port).length === 0) resolve();
        };
        onGone();
      }),
    next: (port) =>
      new Promise((resolve) => {
        onNew = (socket) => {
          if (socket.localPort === port) resolve();
        };
      }),
  };
}
