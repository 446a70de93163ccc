import type { Child } from '../children.ts';

// The functions that the benchmark calls in its server processes (bench/children.ts), and what they return.

/** The servers to compare, each in a separate process. */
export const CONTENDERS = ['floor', 'earshot', 'delayed retry', 'socket.io'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** The functions that a server process exposes to its parent. */
export interface HandshakeServer {
  /** The server's port on 127.0.0.1. */
  port(): number;
  /** CPU time (ms) that this process has used since the last call. */
  takeCpuMs(): number;
  /** Number of open sessions after all clients have disconnected; waits up to 2 s for 0. Always 0 without sessions. */
  sessionsLeft(): Promise<number>;
}
export type ServerChild = Child<HandshakeServer>;

/** A measured connection. It received its welcome and is closed on both sides. */
export interface Handshake {
  /** Time (ms) from the call that opens the socket to the arrival of the welcome. */
  ms: number;
  /** Length of the welcome; 0 if the library does not expose it. */
  bytes: number;
  /** Number of the attempt whose welcome arrived first, from 1. */
  attempt: number;
}
