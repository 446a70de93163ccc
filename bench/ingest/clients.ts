import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type WebSocket from 'ws';
import { FRAME_BYTES, FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame, FRAME_HEADER_BYTES } from '../../shared/audio-frame.ts';
import { parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import { summarise } from '../../testing/stats.ts';
import { cpuMeter, serve } from '../children.ts';
import { openSocket, sendReady } from '../voice-client.ts';
import { type Flood, type IngestClients, type Pace, STAMP_BYTES } from './contract.ts';

/** One client, listening: it has heard its welcome and its turn has begun. */
interface Speaker {
  socket: WebSocket;
  /** The TCP connection below it. */
  raw: Socket;
  say(event: 'start' | 'stop'): void;
  /** The next answer with this state. */
  until(state: 'idle' | 'listening'): Promise<void>;
}

async function openSpeaker(port: number): Promise<Speaker> {
  const socket = openSocket(port);
  let raw: Socket | null = null;
  socket.on('upgrade', (response) => {
    raw = response.socket;
  });
  let hear: (message: ServerMessage) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const until = (fits: (message: ServerMessage) => boolean): Promise<ServerMessage> =>
    new Promise((resolve, reject) => {
      hear = (message) => fits(message) && resolve(message);
      fail = reject;
    });
  socket.on('error', (error) => fail(error));
  socket.on('close', (code, reason) => fail(new Error(`closed with ${code} ${reason}`)));
  socket.on('message', (data: Buffer) => {
    const parsed = parseServerMessage(data.toString());
    if (parsed.kind === 'message') hear(parsed.message);
  });
  const welcome = await until((message) => message.event === 'connected');
  if (welcome.event !== 'connected' || raw === null) throw new Error('no welcome');
  sendReady(socket, welcome);
  const speaker: Speaker = {
    socket,
    raw,
    say: (event) => socket.send(JSON.stringify({ event })),
    async until(state) {
      await until((message) => message.event === 'voice_state' && message.state === state);
    },
  };
  speaker.say('start');
  await speaker.until('listening');
  return speaker;
}

function openSpeakers(port: number, count: number): Promise<Speaker[]> {
  return Promise.all(Array.from({ length: count }, () => openSpeaker(port)));
}

async function closeSpeaker({ socket }: Speaker): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close(1000);
  await closed;
}

/** 20 ms of a 440 Hz tone at half of full scale. */
const TONE = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
  Math.round(16_384 * Math.sin((i * 2 * Math.PI * 440) / 16_000)),
);

/**
 * The frames of one turn as they go over the wire: masked WebSocket messages (RFC 6455 section 5.2), ready-made, so that
 * sending costs the client next to nothing and the server is the one that has to work.
 */
function wireFrames(fromSeq: number, count: number): Buffer {
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const length = FRAME_HEADER_BYTES + FRAME_BYTES;
  // FIN and opcode 2, binary; masked, with a 16-bit length.
  const head = Buffer.from([0x82, 0xfe, length >> 8, length & 0xff, ...mask]);
  const turn = Buffer.alloc(count * (head.length + length));
  for (let i = 0; i < count; i++) {
    const frame = encodeAudioFrame(fromSeq + i, (fromSeq + i) * FRAME_MS, TONE);
    const at = i * (head.length + length);
    head.copy(turn, at);
    for (let j = 0; j < length; j++) turn[at + head.length + j] = (frame[j] ?? 0) ^ (mask[j % 4] ?? 0);
  }
  return turn;
}

const turnsMade = new Map<string, Buffer[]>();

function wireTurns(turns: number, frames: number): Buffer[] {
  const key = `${turns} x ${frames}`;
  const made = turnsMade.get(key) ?? Array.from({ length: turns }, (_, turn) => wireFrames(turn * frames, frames));
  turnsMade.set(key, made);
  return made;
}

async function flood(port: number, connections: number, turns: number, frames: number): Promise<Flood> {
  const wire = wireTurns(turns, frames);
  const speakers = await openSpeakers(port, connections);
  const takeCpuMs = cpuMeter();
  const began = performance.now();
  await Promise.all(
    speakers.map(async (speaker) => {
      for (const [turn, bytes] of wire.entries()) {
        if (turn > 0) {
          speaker.say('start');
          await speaker.until('listening');
        }
        // Past the library, between two of its messages: the kernel takes it as fast as the server reads.
        speaker.raw.write(bytes);
        speaker.say('stop');
        await speaker.until('idle');
      }
    }),
  );
  const result = { sent: connections * turns * frames, ms: performance.now() - began, clientCpuMs: takeCpuMs() };
  await Promise.all(speakers.map(closeSpeaker));
  return result;
}

async function pace(port: number, sessions: number, seconds: number): Promise<Pace> {
  const speakers = await openSpeakers(port, sessions);
  const total = Math.round((sessions * seconds * 1000) / FRAME_MS);
  /** Between one session's frame and the next one's: all of them, evenly, in 20 ms. */
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
      speakers[sent % sessions]?.socket.send(frame);
    }
    await sleep(1);
  }
  await Promise.all(
    speakers.map(async (speaker) => {
      speaker.say('stop');
      await speaker.until('idle');
      await closeSpeaker(speaker);
    }),
  );
  return { sent: total, late: summarise(late) };
}

// This module is the main one of a child process.
serve<IngestClients>({ flood, pace });
