import { io } from 'socket.io-client';
import { parseServerMessage } from '../../shared/protocol.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import type { Contender, Handshake } from './child-api.ts';

/** Time limit (ms) for a connection to receive its welcome. */
const TIMEOUT_MS = 5_000;

/** Connects, waits for the welcome and disconnects. Rejects if the connection fails. */
export type Connect = (port: number) => Promise<Handshake>;

/** Connects with `ws`. @param answer whether to answer the welcome with `ready`, as Earshot's client does */
function connectWithWs(answer: boolean): Connect {
  return (port) =>
    new Promise((resolve, reject) => {
      let welcome: Handshake | null = null;
      const began = performance.now();
      const socket = openSocket(port);
      const timeout = setTimeout(() => socket.terminate(), TIMEOUT_MS);
      let failure: Error | null = null;
      socket.on('error', (error) => {
        failure = error;
      });
      socket.on('message', (data: Buffer) => {
        const ms = performance.now() - began;
        if (welcome) return;
        const parsed = parseServerMessage(data.toString());
        if (parsed.kind === 'message' && parsed.message.event === 'connected') {
          const { attempt } = parsed.message;
          welcome = { ms, bytes: data.length, attempt };
          if (answer) sendReady(socket, parsed.message);
        }
        socket.close(1000);
      });
      // The next connection starts after this event, so closing this one does not affect its time.
      socket.on('close', (code) => {
        clearTimeout(timeout);
        if (welcome) resolve(welcome);
        else reject(failure ?? new Error(`closed with ${code} before the welcome`));
      });
    });
}

const connectWithSocketIo: Connect = (port) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = io(`ws://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
    const fail = (error: Error): void => {
      clearTimeout(timeout);
      socket.disconnect();
      reject(error);
    };
    const timeout = setTimeout(() => fail(new Error('no welcome')), TIMEOUT_MS);
    socket.on('connect_error', fail);
    socket.on('connected', () => {
      const ms = performance.now() - began;
      clearTimeout(timeout);
      // Socket.IO's own `disconnect` event comes before the transport is closed.
      socket.io.engine.once('close', () => resolve({ ms, bytes: 0, attempt: 1 }));
      socket.disconnect();
    });
  });

export const CONNECT: Record<Contender, Connect> = {
  floor: connectWithWs(false),
  earshot: connectWithWs(true),
  'delayed retry': connectWithWs(false),
  'socket.io': connectWithSocketIo,
};
