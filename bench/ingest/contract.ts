import type { Summary } from '../../testing/stats.ts';
import type { Child } from '../children.ts';

/** The servers to compare, each in a process of its own. */
export const CONTENDERS = ['bare', 'earshot'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** A frame of the paced run carries its send time (monotonic clock, ns, u64 LE) in its first samples. */
export const STAMP_BYTES = 8;

/**
 * `calmP99` is the median of the p99s of segments of this many frames. Unlike the p99 of all frames, it leaves out
 * moments in which other programs used the processors.
 */
export const SEGMENT_FRAMES = 1_000;

/** What a server process offers its parent. */
export interface IngestServer {
  /** On 127.0.0.1. */
  port(): number;
  /**
   * Waits until all audio is on disk; returns what was received since the last call.
   * @param stamped whether the next frames carry their send time
   */
  takeReceived(stamped: boolean): Promise<ReceivedFrames>;
}
export type ServerChild = Child<IngestServer>;

export interface ReceivedFrames {
  frames: number;
  /** Bytes of samples. */
  bytes: number;
  /** From the call until every recording was on disk (ms); 0 for the server without recordings. */
  settleMs: number;
  /** CPU time (ms) of the process until then. */
  serverCpuMs: number;
  /** Frames in the recordings. */
  recorded: number;
  failedRecordings: number;
  /** From the client's send until the server has processed the frame, in ms; null if frames carried no time. */
  latency: (Summary & { calmP99: number }) | null;
}

/** What the client process offers: all clients of one server. */
export interface IngestClients {
  /** Each of `connections` sends `turns` turns of `frames` frames in sequence, as fast as the server reads. */
  flood(port: number, connections: number, turns: number, frames: number): Promise<Flood>;
  /** Each of `sessions` sends a frame every 20 ms, evenly staggered. */
  pace(port: number, sessions: number, seconds: number): Promise<Pace>;
}
export type ClientsChild = Child<IngestClients>;

export interface Flood {
  sent: number;
  /** From the first byte until the end of every turn was answered. */
  ms: number;
  /** CPU time (ms) of the clients in this time. */
  clientCpuMs: number;
}

export interface Pace {
  sent: number;
  /** How much later (ms) than planned frames were sent: noise of the clients, not of the server. */
  late: Summary;
}
