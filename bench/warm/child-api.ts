import type { Child } from '../children.ts';

// The functions that the benchmark calls in its server process (bench/children.ts).

/** The functions that a server process with idle connections exposes to its parent. */
export interface IdleServer {
  /** The server's port on 127.0.0.1. */
  port(): number;
  /** Current number of sessions. */
  sessions(): number;
  /** Bytes in use after a garbage collection, on and off the heap. */
  usedBytes(): number;
  /** CPU time (ms) that this process has used since the last call. */
  takeCpuMs(): number;
}
export type IdleChild = Child<IdleServer>;
