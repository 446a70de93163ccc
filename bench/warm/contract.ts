import type { Child } from '../children.ts';

/** What a voice server with idle connections tells its parent. */
export interface IdleServer {
  /** On 127.0.0.1. */
  port(): number;
  /** Sessions at this moment. */
  sessions(): number;
  /** Bytes that are in use after the garbage has been collected, in the heap and outside of it. */
  usedBytes(): number;
  /** What this process has used since the last call, in ms of CPU time. */
  takeCpuMs(): number;
}
export type IdleChild = Child<IdleServer>;
