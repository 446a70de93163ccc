import { WebSocket as PartySocket } from 'partysocket';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import type { Contender, Ports, Sent } from './contract.ts';

/** A client that has a connection and keeps it up by itself. */
export interface Speaker {
  /** Sends one frame now, or as soon as there is a connection again. */
  say(frame: Int16Array<ArrayBuffer>): void;
  /** Waits until all that was kept has left, and disconnects. */
  end(): Promise<Pick<Sent, 'lostMs'>>;
}

export type OpenSpeaker = (ports: Ports) => Promise<Speaker>;

/** The first wait (ms) before a new connection where a contender is given a short one. */
const SHORT_DELAY_MS = 100;
/** reconnecting-websocket draws its first wait once a process, from 1 to 5 s. This is the middle, and partysocket's own. */
const MEAN_DELAY_MS = 3_000;
/** What the documentation of Socket.IO shows for delivery at least once. */
const ACKS = { retries: 3, ackTimeout: 10_000 };

const bytesOf = (frame: Int16Array<ArrayBuffer>) => new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);

/** Both of these keep what is sent while there is no connection, without a limit unless one is asked for. */
async function overReconnecting(socket: PartySocket | ReconnectingWebSocket): Promise<Speaker> {
  await new Promise<void>((resolve) => {
    socket.onopen = () => resolve();
  });
  return {
    say: (frame) => void socket.send(bytesOf(frame)),
    async end() {
      // All that was sent before it comes before it.
      socket.close(1000);
      return { lostMs: null };
    },
  };
}

function overSocketIo(options: Parameters<typeof io>[1]): OpenSpeaker {
  return async ({ voice }) => {
    const socket = io(`ws://127.0.0.1:${voice}`, { transports: ['websocket'], ...options });
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
    });
    return {
      say: (frame) => void socket.emit('frame', bytesOf(frame)),
      async end() {
        await socket.emitWithAck('end');
        socket.disconnect();
        return { lostMs: null };
      },
    };
  };
}

const url = ({ voice }: Ports) => `ws://127.0.0.1:${voice}`;

export const OPEN_PEER: Record<Exclude<Contender, 'earshot'>, OpenSpeaker> = {
  partysocket: (ports) => overReconnecting(new PartySocket(url(ports), [], { WebSocket })),
  'partysocket, 100 ms': (ports) =>
    overReconnecting(new PartySocket(url(ports), [], { WebSocket, minReconnectionDelay: SHORT_DELAY_MS })),
  'reconnecting-websocket': (ports) =>
    overReconnecting(new ReconnectingWebSocket(url(ports), [], { WebSocket, minReconnectionDelay: MEAN_DELAY_MS })),
  'socket.io': overSocketIo({}),
  'socket.io acks': overSocketIo(ACKS),
  'socket.io acks, 100 ms': overSocketIo({ ...ACKS, reconnectionDelay: SHORT_DELAY_MS }),
};
