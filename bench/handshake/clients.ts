import { io } from 'socket.io-client';
import { parseServerMessage } from '../../shared/protocol.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import type { Contender, Handshake } from './contract.ts';

/** A connection without a welcome after this time (ms) has failed. */
const TIMEOUT_MS = 5_000;

/** Connects, receives the welcome and disconnects. Rejects when the connection fails. */
export type Connect = (port: number) => Promise<Handshake>;

/** A client that uses `ws`. @param answer whether it answers the welcome with `ready`, as Earshot's client does */
function overWs(answer: boolean): Connect {
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
      // The next connection starts after this event: none is measured while another one closes.
      socket.on('close', (code) => {
        clearTimeout(timeout);
        if (welcome) resolve(welcome);
        else reject(failure ?? new Error(`closed with ${code} before the welcome`));
      });
    });
}

const overSocketIo: Connect = (port) =>
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
  floor: overWs(false),
  earshot: overWs(true),
  cure: overWs(false),
  'socket.io': overSocketIo,
};
