import type { Summary } from '../../testing/stats.ts';
import type { Child } from '../children.ts';

/** The servers that are compared, each in a process of its own. */
export const CONTENDERS = ['bare', 'earshot'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** A frame of the paced run carries the time of its sending (ns of the monotonic clock, u64 LE) in its first samples. */
export const STAMP_BYTES = 8;

/**
 * So many frames in a row have a p99 of their own; `calmP99` is the median of these. It leaves out the moments in which
 * other programs held the processors, which the p99 of all frames is full of on a busy machine.
 */
export const SEGMENT_FRAMES = 1_000;

/** What a server offers its parent. */
export interface IngestServer {
  /** On 127.0.0.1. */
  port(): number;
  /** What was heard since the last call, when all of it is on the disk. @param stamped whether frames carry a time from now on */
  takeHeard(stamped: boolean): Promise<ReceivedFrames>;
}
export type ServerChild = Child<IngestServer>;

export interface ReceivedFrames {
  frames: number;
  /** Of samples. */
  bytes: number;
  /** From the call until every recording was on the disk; 0 for the server that keeps none. */
  settleMs: number;
  /** CPU time of the process until then. */
  serverCpuMs: number;
  /** Frames in the recordings. */
  recorded: number;
  failedRecordings: number;
  /** From the client's send to the server's last touch in that tick, in ms; null where frames carried no time. */
  latency: (Summary & { calmP99: number }) | null;
}

/** All clients of one server, in one process. */
export interface IngestClients {
  /** Each of `connections` sends `turns` turns of `frames` frames, one after the other, as fast as they are taken. */
  flood(port: number, connections: number, turns: number, frames: number): Promise<Flood>;
  /** Each of `sessions` sends a frame every 20 ms, out of step with the others. */
  pace(port: number, sessions: number, seconds: number): Promise<Pace>;
}
export type ClientsChild = Child<IngestClients>;

export interface Flood {
  sent: number;
  /** From the first byte until every turn's end was answered. */
  ms: number;
  /** CPU time of the clients meanwhile. */
  clientCpuMs: number;
}

export interface Pace {
  sent: number;
  /** How much later (ms) than planned a frame left: the clients' own noise, which no server can help. */
  late: Summary;
}
