import { io } from 'socket.io-client';
import { parseServerMessage } from '../../shared/protocol.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import type { Contender, Handshake } from './contract.ts';

/** A connection without a welcome after this long (ms) has failed. */
const TIMEOUT_MS = 5_000;

/** Connects, hears the welcome and leaves. Rejects when the connection fails. */
export type Connect = (port: number) => Promise<Handshake>;

/** A client of the `ws` library; `answer` sends Earshot's `ready`. */
function overWs(answer: boolean): Connect {
  return (port) =>
    new Promise((resolve, reject) => {
      let heard: Handshake | null = null;
      const began = performance.now();
      const socket = openSocket(port);
      const timeout = setTimeout(() => socket.terminate(), TIMEOUT_MS);
      let failure: Error | null = null;
      socket.on('error', (error) => {
        failure = error;
      });
      socket.on('message', (data: Buffer) => {
        const ms = performance.now() - began;
        if (heard) return;
        const parsed = parseServerMessage(data.toString());
        if (parsed.kind === 'message' && parsed.message.event === 'connected') {
          const { attempt } = parsed.message;
          heard = { ms, bytes: data.length, attempt };
          if (answer) sendReady(socket, parsed.message);
        }
        socket.close(1000);
      });
      // The next connection begins when this one is gone, so that none is measured while another is being closed.
      socket.on('close', (code) => {
        clearTimeout(timeout);
        if (heard) resolve(heard);
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
      // Socket.IO's own event comes before the transport is gone.
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
