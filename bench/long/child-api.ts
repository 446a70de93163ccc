import type { Child } from '../children.ts';

// The functions that the bench calls in its server and client processes (bench/children.ts), and what they return.

export interface LongServer {
  port(): number;
  /** Bytes of the heap after a garbage collection. */
  heap(): number;
  /** Waits until the recording is on disk. @returns the number of frames in it */
  finish(): Promise<number>;
}
export type ServerChild = Child<LongServer>;

export interface LongClient {
  /** Connects, begins a turn and starts to send frames at `speed` times real time. */
  begin(port: number, speed: number): Promise<void>;
  heap(): number;
  /** Stops sending, waits until the server has everything, and disconnects. */
  end(): Promise<Captured>;
}
export type ClientChild = Child<LongClient>;

interface Captured {
  /** How often the microphone has delivered frames: each time as many as the speed. */
  ticks: number;
  /** Time (ms) in which it did so, by the monotonic clock. */
  ms: number;
  /** Length (ms) of the audio that the client reports as lost. */
  lostMs: number;
}
