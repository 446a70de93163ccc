import type { Summary } from '../../testing/stats.ts';
import type { Child } from '../children.ts';

// The functions that the benchmark calls in its server and client processes (bench/children.ts), and what they return.

/**
 * The servers to compare, each in a separate process. `bare`: `ws` that counts bytes; `ws, wav`: `ws` that writes each
 * turn to a file; `socket.io`: Socket.IO that counts bytes.
 */
export const CONTENDERS = ['bare', 'ws, wav', 'socket.io', 'earshot'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** A frame of the paced run carries its send time (monotonic clock, ns, u64 LE) in its first samples. */
export const STAMP_BYTES = 8;

/**
 * Number of frames in a segment. `calmP99` is the median of the segments' p99s. Unlike the p99 of all frames, it is not
 * affected by short periods in which other programs use the CPU.
 */
export const SEGMENT_FRAMES = 1_000;

/** The functions that a server process exposes to its parent. */
export interface IngestServer {
  /** The server's port on 127.0.0.1. */
  port(): number;
  /**
   * Waits until all audio is on disk.
   * @param stamped whether the next frames carry their send time
   * @returns what was received since the last call
   */
  takeReceived(stamped: boolean): Promise<ReceivedFrames>;
}
export type ServerChild = Child<IngestServer>;

export interface ReceivedFrames {
  frames: number;
  /** Bytes of samples. */
  bytes: number;
  /** Time (ms) from the call until every recording was on disk; 0 for the server without recordings. */
  settleMs: number;
  /** CPU time (ms) of the server process until then. */
  serverCpuMs: number;
  /** Number of frames in the recordings. */
  recorded: number;
  failedRecordings: number;
  /** Time (ms) from sending a frame until the server has processed it; null if the frames carried no send time. */
  latency: (Summary & { calmP99: number }) | null;
}

/** The functions that a client process exposes to its parent. It runs all clients of one server. */
export interface IngestClients {
  /** Each of `connections` clients sends `turns` turns of `frames` frames, one after the other, as fast as possible. */
  flood(port: number, connections: number, turns: number, frames: number): Promise<Flood>;
  /** Each of `sessions` clients sends a frame every 20 ms. The clients are evenly staggered. */
  pace(port: number, sessions: number, seconds: number): Promise<Pace>;
}
export type ClientsChild = Child<IngestClients>;

export interface Flood {
  sent: number;
  /** Time (ms) from the first byte until the server has acknowledged the end of every turn. */
  ms: number;
  /** CPU time (ms) of the clients during that time. */
  clientCpuMs: number;
}

export interface Pace {
  sent: number;
  /** Delays (ms) of the clients in sending frames, compared with their schedule. They do not depend on the server. */
  late: Summary;
}
