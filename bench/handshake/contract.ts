import type { Child } from '../children.ts';

/** The servers that are compared, each in a process of its own. */
export const CONTENDERS = ['floor', 'earshot', 'cure', 'socket.io'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** What a server offers its parent. */
export interface HandshakeServer {
  /** On 127.0.0.1. */
  port(): number;
  /** What this process has used since the last call, in ms of CPU time. */
  takeCpuMs(): number;
  /** Sessions that are still there when all clients have gone, after 2 s at most; 0 for a server that keeps none. */
  sessionsLeft(): Promise<number>;
}
export type ServerChild = Child<HandshakeServer>;

/** One connection that heard its welcome. It has been closed again on both sides. */
export interface Handshake {
  /** From the call that opens the socket to the listener that hears the welcome. */
  ms: number;
  /** Length of the welcome as text; 0 where the library does not show it. */
  bytes: number;
  /** Which try of the welcome was heard. */
  attempt: number;
}
