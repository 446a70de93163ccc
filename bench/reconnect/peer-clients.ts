import { WebSocket as PartySocket } from 'partysocket';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import type { Contender, Ports, Sent } from './child-api.ts';

/** A connected client that reconnects automatically. */
export interface Sender {
  /** Sends one frame, now or after the next reconnect. */
  send(frame: Int16Array<ArrayBuffer>): void;
  /** Waits until all buffered frames are sent, and disconnects. */
  end(): Promise<Pick<Sent, 'lostMs'>>;
}

export type OpenSender = (ports: Ports) => Promise<Sender>;

/** First reconnect delay (ms) of the contenders whose name contains `100 ms`. */
const SHORT_DELAY_MS = 100;
/**
 * First reconnect delay (ms) of reconnecting-websocket. By default the library chooses one from 1 to 5 s at random,
 * once per process. This is the mean, and partysocket's default.
 */
const MEAN_DELAY_MS = 3_000;
/** The documented options of Socket.IO for at-least-once delivery. */
const ACKS = { retries: 3, ackTimeout: 10_000 };

const bytesOf = (frame: Int16Array<ArrayBuffer>) => new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);

/** While disconnected, both libraries buffer what is sent, by default without a limit. */
async function openReconnecting(socket: PartySocket | ReconnectingWebSocket): Promise<Sender> {
  await new Promise<void>((resolve) => {
    socket.onopen = () => resolve();
  });
  return {
    send: (frame) => void socket.send(bytesOf(frame)),
    async end() {
      // The close frame is sent after all earlier data.
      socket.close(1000);
      return { lostMs: null };
    },
  };
}

function openSocketIo(options: Parameters<typeof io>[1]): OpenSender {
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
  partysocket: (ports) => openReconnecting(new PartySocket(url(ports), [], { WebSocket })),
  'partysocket, 100 ms': (ports) =>
    openReconnecting(new PartySocket(url(ports), [], { WebSocket, minReconnectionDelay: SHORT_DELAY_MS })),
  'reconnecting-websocket': (ports) =>
    openReconnecting(new ReconnectingWebSocket(url(ports), [], { WebSocket, minReconnectionDelay: MEAN_DELAY_MS })),
  'socket.io': openSocketIo({}),
  'socket.io acks': openSocketIo(ACKS),
  'socket.io acks, 100 ms': openSocketIo({ ...ACKS, reconnectionDelay: SHORT_DELAY_MS }),
};
