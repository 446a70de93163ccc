import type { Child } from '../children.ts';
import type { Kind, RestartPoint } from './tally.ts';

/** The libraries to compare, each with a server process and a client process of its own. */
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

/** How long (ms) a stalled server hangs before it ends its connections: 25 frames that it never reads. */
export const STALL_MS = 500;
/** A server that receives no frame for this time (ms) after a restart counts as never reached again. */
export const SILENCE_MS = 30_000;

/** What a server process offers its parent. */
export interface RestartServer {
  /** On 127.0.0.1: where clients send audio, and for Earshot, where its host reports the voice server's address. */
  ports(): Promise<Ports>;
  /** Stops the server and its connections, listens again on the same port, and waits for audio. */
  restart(kind: Kind): Promise<Restart>;
  /** After the client has ended: all frames that arrived. For Earshot they are read from the recordings on disk. */
  finish(): Promise<ReceivedFrames>;
}
export type ServerChild = Child<RestartServer>;

export interface Ports {
  voice: number;
  bridge: number | null;
}

/** Times in ms since the server began to end its connections. */
interface Restart {
  /** Until it listens again. */
  upMs: number;
  /** Until the first frame after that; null: none within `SILENCE_MS`. */
  recoveryMs: number | null;
}

export interface ReceivedFrames {
  /** The numbers of the frames, in the order of arrival or of the recordings. */
  numbers: number[];
  /** The restarts, in order. */
  restarts: RestartPoint[];
  /** Frames whose contents differ from what was sent under their number. */
  damaged: number;
  /** Earshot only: the other servers keep no recordings. */
  recordings: {
    files: number;
    /** Frames of silence in place of audio that never arrived. */
    silent: number;
    /** Frames that arrived twice and were dropped. */
    wireDuplicates: number;
    /** Sessions that were resumed. */
    resumed: number;
    /** Attempts of a welcome after the first. */
    retries: number;
  } | null;
}

/** What a client process offers its parent. */
export interface RestartClient {
  /** Connects and starts to send 50 frames a second. */
  begin(ports: Ports): Promise<void>;
  /** Stops, waits until all buffered frames are sent, and disconnects. */
  end(): Promise<Sent>;
}
export type ClientChild = Child<RestartClient>;

export interface Sent {
  frames: number;
  /** Audio that the client reports as lost, in ms; null if it does not report any. */
  lostMs: number | null;
}

/** The results of one contender. */
export interface Run {
  restarts: Record<Kind, Restart[]>;
  sent: Sent;
  received: ReceivedFrames;
}
