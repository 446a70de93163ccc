import type { Child } from '../children.ts';
import type { Kind, RestartPoint } from './tally.ts';

// The functions that the benchmark calls in its server and client processes (bench/children.ts), and what they return.

/** The libraries to compare, each with a separate server process and client process. */
export const CONTENDERS = [
  'earshot',
  'partysocket',
  'partysocket, 100 ms',
  'reconnecting-websocket',
  'socket.io',
  'socket.io acks',
  'socket.io acks, 100 ms',
] as const;
export type Contender = (typeof CONTENDERS)[number];

/** Time (ms) for which a stalled server hangs before it ends its connections. It never reads these 25 frames. */
export const STALL_MS = 500;
/** Time limit (ms) for the first frame after a restart. If none arrives, the client has failed to reconnect. */
export const SILENCE_MS = 30_000;

/** The functions that a server process exposes to its parent. */
export interface RestartServer {
  /** The server's ports on 127.0.0.1. */
  ports(): Promise<Ports>;
  /** Stops the server and its connections, listens again on the same port, and waits for audio. */
  restart(kind: Kind): Promise<Restart>;
  /** Returns all received frames after the client has ended. Earshot's are read from the recordings on disk. */
  finish(): Promise<ReceivedFrames>;
}
export type ServerChild = Child<RestartServer>;

export interface Ports {
  /** For audio. */
  voice: number;
  /** For the bridge, which reports the voice server's address; null except for Earshot. */
  bridge: number | null;
}

/** A restart. Times in ms since the server started to end its connections. */
interface Restart {
  /** Until the server listened again. */
  upMs: number;
  /** Until the first frame after that; null: none within `SILENCE_MS`. */
  recoveryMs: number | null;
}

export interface ReceivedFrames {
  /** The numbers of the frames, in the order in which they arrived or were recorded. */
  numbers: number[];
  /** The restarts, in order. */
  restarts: RestartPoint[];
  /** Number of frames that differ from the sent frame of the same number. */
  damaged: number;
  /** Null except for Earshot: the other servers make no recordings. */
  recordings: {
    files: number;
    /** Number of silent frames, which replace audio that never arrived. */
    silent: number;
    /** Number of duplicate frames that arrived and were dropped. */
    wireDuplicates: number;
    /** Number of resumes. */
    resumed: number;
    /** Number of repeated welcomes. */
    retries: number;
  } | null;
}

/** The functions that a client process exposes to its parent. */
export interface RestartClient {
  /** Connects and starts sending 50 frames per second. */
  begin(ports: Ports): Promise<void>;
  /** Stops sending, waits until all buffered frames are sent, and disconnects. */
  end(): Promise<Sent>;
}
export type ClientChild = Child<RestartClient>;

export interface Sent {
  frames: number;
  /** Length of the audio that the client reports as lost, in ms; null if it can't report any. */
  lostMs: number | null;
}

/** The results of one contender. */
export interface Run {
  restarts: Record<Kind, Restart[]>;
  sent: Sent;
  received: ReceivedFrames;
}
