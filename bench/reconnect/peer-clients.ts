import { WebSocket as PartySocket } from 'partysocket';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import type { Contender, Ports, Sent } from './contract.ts';

/** A connected client that reconnects by itself. */
export interface Sender {
  /** Sends one frame now, or after the next connection is made. */
  send(frame: Int16Array<ArrayBuffer>): void;
  /** Waits until all buffered frames are sent, and disconnects. */
  end(): Promise<Pick<Sent, 'lostMs'>>;
}

export type OpenSender = (ports: Ports) => Promise<Sender>;

/** The first delay (ms) of the contenders with a short one. */
const SHORT_DELAY_MS = 100;
/**
 * reconnecting-websocket chooses its first delay once per process, from 1 to 5 s. This is the mean, and partysocket's
 * default.
 */
const MEAN_DELAY_MS = 3_000;
/** The documented options of Socket.IO for at-least-once delivery. */
const ACKS = { retries: 3, ackTimeout: 10_000 };

const bytesOf = (frame: Int16Array<ArrayBuffer>) => new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);

/** Both libraries buffer what is sent without a connection; by default there is no limit. */
async function overReconnecting(socket: PartySocket | ReconnectingWebSocket): Promise<Sender> {
  await new Promise<void>((resolve) => {
    socket.onopen = () => resolve();
  });
  return {
    send: (frame) => void socket.send(bytesOf(frame)),
    async end() {
      // The close frame is sent after everything that was sent before.
      socket.close(1000);
      return { lostMs: null };
    },
  };
}

function overSocketIo(options: Parameters<typeof io>[1]): OpenSender {
  return async ({ voice }) => {
    const socket = io(`ws://127.0.0.1:${voice}`, { transports: ['websocket'], ...options });
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
    });
    return {
      send: (frame) => void socket.emit('frame', bytesOf(frame)),
      async end() {
        await socket.emitWithAck('end');
        socket.disconnect();
        return { lostMs: null };
      },
    };
  };
}

const url = ({ voice }: Ports) => `ws://127.0.0.1:${voice}`;

export const OPEN_PEER: Record<Exclude<Contender, 'earshot'>, OpenSender> = {
  partysocket: (ports) => overReconnecting(new PartySocket(url(ports), [], { WebSocket })),
  'partysocket, 100 ms': (ports) =>
    overReconnecting(new PartySocket(url(ports), [], { WebSocket, minReconnectionDelay: SHORT_DELAY_MS })),
  'reconnecting-websocket': (ports) =>
    overReconnecting(new ReconnectingWebSocket(url(ports), [], { WebSocket, minReconnectionDelay: MEAN_DELAY_MS })),
  'socket.io': overSocketIo({}),
  'socket.io acks': overSocketIo(ACKS),
  'socket.io acks, 100 ms': overSocketIo({ ...ACKS, reconnectionDelay: SHORT_DELAY_MS }),
};
