import type { Child } from '../children.ts';
import type { Kind, Mark } from './tally.ts';

/** What is compared, each with a server process and a client process of its own. */
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

/** How long (ms) a stalled server hangs before it ends: 25 frames have been sent then that nobody read. */
export const STALL_MS = 500;
/** A server that hears nothing for so long (ms) after a restart counts as never reached again. */
export const SILENCE_MS = 30_000;

/** What a server's process offers its parent. */
export interface RestartServer {
  /** On 127.0.0.1: where clients send audio, and, for Earshot, where its host tells windows the voice server's address. */
  ports(): Promise<Ports>;
  /** Ends the listening server with its connections, listens again on the same port, and waits for audio. */
  restart(kind: Kind): Promise<Restart>;
  /** After the client has ended: what came in all. For Earshot it is read from the recordings on the disk. */
  finish(): Promise<ReceivedFrames>;
}
export type ServerChild = Child<RestartServer>;

export interface Ports {
  voice: number;
  bridge: number | null;
}

/** Times in ms since the server began to end its connections. */
interface Restart {
  /** Until it listened again. */
  upMs: number;
  /** Until the first frame came after that; null: none within `SILENCE_MS`. */
  heardMs: number | null;
}

export interface ReceivedFrames {
  /** Numbers of the frames, in the order in which they came, or stand in the recordings. */
  numbers: number[];
  /** The restarts, in order. */
  marks: Mark[];
  /** Frames that hold something else than what was sent under their number. */
  damaged: number;
  /** Only of Earshot, whose server keeps recordings and counts. */
  recordings: {
    files: number;
    /** Frames of silence in the place of audio that never came. */
    silent: number;
    /** Frames that came twice over the wire and were dropped. */
    wireDuplicates: number;
    /** Sessions that were taken up again. */
    resumed: number;
    /** Tries of a welcome beyond the first. */
    retries: number;
  } | null;
}

/** What a client's process offers its parent. */
export interface RestartClient {
  /** Connects and begins to send 50 frames a second. */
  begin(ports: Ports): Promise<void>;
  /** Stops, waits until all that was kept has left, and disconnects. */
  end(): Promise<Sent>;
}
export type ClientChild = Child<RestartClient>;

export interface Sent {
  frames: number;
  /** What the client itself calls lost, in ms of audio; null where it does not tell. */
  lostMs: number | null;
}

/** All of one contender's run. */
export interface Run {
  restarts: Record<Kind, Restart[]>;
  sent: Sent;
  heard: ReceivedFrames;
}
