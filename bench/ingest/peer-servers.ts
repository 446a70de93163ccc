import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { FRAME_HEADER_BYTES } from '../../shared/audio-frame.ts';
import { parseClientMessage, type ServerMessage } from '../../shared/protocol.ts';
import { SAMPLE_WELCOME } from '../voice-client.ts';

/** A server that does less than Earshot's. */
export interface PeerServer {
  port: number;
  /** Waits until every file is closed. @returns the number of frames in them since the last call */
  settle(): Promise<number>;
  stop(): Promise<void>;
}

/** Gets the whole message of a frame. */
export type OnFrame = (message: Uint8Array) => void;

/** What a turn's frames are written to. */
interface TurnFile {
  write(message: Uint8Array): void;
  end(): void;
}

const { session_id } = SAMPLE_WELCOME;
const stateMessage = (state: 'idle' | 'listening'): ServerMessage => ({ event: 'voice_state', session_id, state });
const WAV_HEADER_BYTES = 44;

/** Counts bytes and sends the replies that the client waits for. With `files`, each turn is written to a WAV file. */
async function startWsServer(onFrame: OnFrame, files: ReturnType<typeof createWavFiles> | null): Promise<PeerServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    let file: TurnFile | null = null;
    const send = (message: ServerMessage) => socket.send(JSON.stringify(message));
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) {
        onFrame(data);
        file?.write(data);
        return;
      }
      const parsed = parseClientMessage(data.toString());
      if (parsed.kind !== 'message') return;
      const { event } = parsed.message;
      if (event === 'start') {
        file = files?.begin() ?? null;
        send(stateMessage('listening'));
      }
      if (event === 'stop') {
        file?.end();
        file = null;
        send(stateMessage('idle'));
      }
    });
    send(SAMPLE_WELCOME);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    settle: async () => (await files?.settle()) ?? 0,
    async stop() {
      server.close();
      await files?.remove();
    },
  };
}

export const startBare = (onFrame: OnFrame): Promise<PeerServer> => startWsServer(onFrame, null);

export const startWithWav = async (onFrame: OnFrame): Promise<PeerServer> =>
  startWsServer(onFrame, createWavFiles(await mkdtemp(join(tmpdir(), 'earshot-bench-'))));

/** Writes each turn to a file through a stream, and its lengths into the header at the end. Nothing else is checked. */
function createWavFiles(dir: string) {
  const unfinished = new Set<Promise<void>>();
  let count = 0;
  let recorded = 0;
  return {
    begin(): TurnFile {
      const path = join(dir, `${count++}.wav`);
      const stream: WriteStream = createWriteStream(path);
      let bytes = 0;
      stream.write(Buffer.alloc(WAV_HEADER_BYTES));
      return {
        write(message) {
          bytes += message.byteLength - FRAME_HEADER_BYTES;
          recorded += 1;
          stream.write(message.subarray(FRAME_HEADER_BYTES));
        },
        end() {
          const closed = new Promise<void>((resolve) => stream.end(resolve)).then(() => writeHeader(path, bytes));
          const done = closed.finally(() => unfinished.delete(done));
          unfinished.add(done);
        },
      };
    },
    async settle(): Promise<number> {
      await Promise.all(unfinished);
      await rm(dir, { recursive: true, force: true });
      await mkdir(dir);
      const since = recorded;
      recorded = 0;
      return since;
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

async function writeHeader(path: string, bytes: number): Promise<void> {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const file = await open(path, 'r+');
  await file.write(header, 0, WAV_HEADER_BYTES, 0);
  await file.close();
}

/** Socket.IO over WebSocket only; counts bytes, as the bare server. */
export async function startSocketIo(onFrame: OnFrame): Promise<PeerServer> {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  server.on('connection', (socket) => {
    socket.on('frame', onFrame);
    socket.on('start', () => socket.emit('state', 'listening'));
    socket.on('stop', () => socket.emit('state', 'idle'));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    settle: async () => 0,
    stop: async () => void (await server.close()),
  };
}
