import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { FRAME_BYTES, FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame, FRAME_HEADER_BYTES } from '../../shared/audio-frame.ts';
import { parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import { summarise } from '../../testing/stats.ts';
import { cpuMeter, serve } from '../children.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import { type Flood, type IngestClients, type Pace, STAMP_BYTES } from './child-api.ts';

/** A client that is connected and has started a turn. */
interface AudioClient {
  /** Its TCP connection. */
  tcp: Socket;
  sendFrame(frame: Uint8Array): void;
  close(): Promise<void>;
  send(event: 'start' | 'stop'): void;
  /** Waits for the next answer with this state. */
  untilState(state: 'idle' | 'listening'): Promise<void>;
}

async function openWithWs(port: number): Promise<AudioClient> {
  const socket = openSocket(port);
  let tcp: Socket | null = null;
  socket.on('upgrade', (response) => {
    tcp = response.socket;
  });
  let onMessage: (message: ServerMessage) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const until = (matches: (message: ServerMessage) => boolean): Promise<ServerMessage> =>
    new Promise((resolve, reject) => {
      onMessage = (message) => matches(message) && resolve(message);
      fail = reject;
    });
  socket.on('error', (error) => fail(error));
  socket.on('close', (code, reason) => fail(new Error(`closed with ${code} ${reason}`)));
  socket.on('message', (data: Buffer) => {
    const parsed = parseServerMessage(data.toString());
    if (parsed.kind === 'message') onMessage(parsed.message);
  });
  const welcome = await until((message) => message.event === 'connected');
  if (welcome.event !== 'connected' || tcp === null) throw new Error('no welcome');
  sendReady(socket, welcome);
  const client: AudioClient = {
    tcp,
    sendFrame: (frame) => socket.send(frame),
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close(1000);
      await closed;
    },
    send: (event) => socket.send(JSON.stringify({ event })),
    async untilState(state) {
      await until((message) => message.event === 'voice_state' && message.state === state);
    },
  };
  client.send('start');
  await client.untilState('listening');
  return client;
}

async function openWithSocketIo(port: number): Promise<AudioClient> {
  const socket = io(`ws://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  // The transport is a `ws` socket on Node.
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: Socket } };
  const client: AudioClient = {
    tcp: ws._socket,
    sendFrame: (frame) => void socket.emit('frame', frame),
    async close() {
      const closed = new Promise((resolve) => socket.io.engine.once('close', resolve));
      socket.disconnect();
      await closed;
    },
    send: (event) => void socket.emit(event),
    untilState: (state) =>
      new Promise((resolve) => {
        const onState = (reached: string) => {
          if (reached !== state) return;
          socket.off('state', onState);
          resolve();
        };
        socket.on('state', onState);
      }),
  };
  client.send('start');
  await client.untilState('listening');
  return client;
}

// The main module of a child process. Argument: contender.
const isSocketIo = process.argv[2] === 'socket.io';

function openClients(port: number, count: number): Promise<AudioClient[]> {
  return Promise.all(Array.from({ length: count }, () => (isSocketIo ? openWithSocketIo(port) : openWithWs(port))));
}

/** 20 ms of a 440 Hz tone at half of full scale. */
const TONE = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
  Math.round(16_384 * Math.sin((i * 2 * Math.PI * 440) / 16_000)),
);

/**
 * Encodes the frames of one turn as masked WebSocket messages (RFC 6455, section 5.2). This is done in advance, so that
 * the client needs almost no CPU time to send them and the server is the bottleneck.
 */
function wireFrames(fromSeq: number, count: number): Buffer {
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const length = FRAME_HEADER_BYTES + FRAME_BYTES;
  // FIN and opcode 2 (binary); mask bit and a 16-bit length.
  const head = Buffer.from([0x82, 0xfe, length >> 8, length & 0xff, ...mask]);
  const before = isSocketIo ? textMessage(SOCKET_IO_EVENT, mask) : Buffer.alloc(0);
  const size = before.length + head.length + length;
  const turn = Buffer.alloc(count * size);
  for (let i = 0; i < count; i++) {
    const frame = encodeAudioFrame(fromSeq + i, (fromSeq + i) * FRAME_MS, TONE);
    before.copy(turn, i * size);
    const at = i * size + before.length;
    head.copy(turn, at);
    for (let j = 0; j < length; j++) turn[at + head.length + j] = (frame[j] ?? 0) ^ (mask[j % 4] ?? 0);
  }
  return turn;
}

/** Socket.IO sends an event with a binary argument as this text and then the argument. */
const SOCKET_IO_EVENT = '451-["frame",{"_placeholder":true,"num":0}]';

/** A masked text message of fewer than 126 bytes. */
function textMessage(text: string, mask: Buffer): Buffer {
  const bytes = Buffer.from(text);
  const masked = bytes.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length]), mask, masked]);
}

const preparedTurns = new Map<string, Buffer[]>();

function wireTurns(turns: number, frames: number): Buffer[] {
  const key = `${turns} x ${frames}`;
  const prepared =
    preparedTurns.get(key) ?? Array.from({ length: turns }, (_, turn) => wireFrames(turn * frames, frames));
  preparedTurns.set(key, prepared);
  return prepared;
}

async function flood(port: number, connections: number, turns: number, frames: number): Promise<Flood> {
  const wire = wireTurns(turns, frames);
  const clients = await openClients(port, connections);
  const takeCpuMs = cpuMeter();
  const began = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (const [turn, bytes] of wire.entries()) {
        if (turn > 0) {
          client.send('start');
          await client.untilState('listening');
        }
        // Written to the TCP connection directly, between two messages of the library.
        client.tcp.write(bytes);
        client.send('stop');
        await client.untilState('idle');
      }
    }),
  );
  const result = { sent: connections * turns * frames, ms: performance.now() - began, clientCpuMs: takeCpuMs() };
  await Promise.all(clients.map((client) => client.close()));
  return result;
}

async function pace(port: number, sessions: number, seconds: number): Promise<Pace> {
  const clients = await openClients(port, sessions);
  const total = Math.round((sessions * seconds * 1000) / FRAME_MS);
  /** Time between the frames of two sessions: in every 20 ms each session sends one frame, evenly spread. */
  const stepMs = FRAME_MS / sessions;
  const late = new Float64Array(total);
  const began = performance.now() + 100;
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    for (; sent < total && began + sent * stepMs <= now; sent++) {
      const seq = Math.floor(sent / sessions);
      const frame = encodeAudioFrame(seq, seq * FRAME_MS, TONE);
      late[sent] = performance.now() - (began + sent * stepMs);
      new DataView(frame.buffer, FRAME_HEADER_BYTES, STAMP_BYTES).setBigUint64(0, process.hrtime.bigint(), true);
      clients[sent % sessions]?.sendFrame(frame);
    }
    await sleep(1);
  }
  await Promise.all(
    clients.map(async (client) => {
      client.send('stop');
      await client.untilState('idle');
      await client.close();
    }),
  );
  return { sent: total, late: summarise(late) };
}

serve<IngestClients>({ flood, pace });
