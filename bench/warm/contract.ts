import type { Child } from '../children.ts';

/** What a server process with idle connections offers its parent. */
export interface IdleServer {
  /** On 127.0.0.1. */
  port(): number;
  /** Current number of sessions. */
  sessions(): number;
  /** Bytes in use after a garbage collection, inside and outside of the heap. */
  usedBytes(): number;
  /** CPU time (ms) that this process has used since the last call. */
  takeCpuMs(): number;
}
export type IdleChild = Child<IdleServer>;
