import type { Child } from '../children.ts';

/** The servers to compare, each in a process of its own. */
export const CONTENDERS = ['floor', 'earshot', 'cure', 'socket.io'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** What a server process offers its parent. */
export interface HandshakeServer {
  /** On 127.0.0.1. */
  port(): number;
  /** CPU time (ms) that this process has used since the last call. */
  takeCpuMs(): number;
  /** Sessions that are left after all clients have disconnected (waits up to 2 s); 0 for servers without sessions. */
  sessionsLeft(): Promise<number>;
}
export type ServerChild = Child<HandshakeServer>;

/** One connection that received its welcome, and is closed on both sides. */
export interface Handshake {
  /** From the call that opens the socket to the call of the listener with the welcome, ms. */
  ms: number;
  /** Length of the welcome; 0 if the library does not show it. */
  bytes: number;
  /** Which attempt of the welcome arrived first. */
  attempt: number;
}
