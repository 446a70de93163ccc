import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, type Mock, vi } from 'vitest';
import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { type ClientProof, createClientProof } from '../../shared/client-proof.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { Log } from '../../shared/log-event.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { type ConnectedMessage, PROTOCOL } from '../../shared/protocol.ts';
import { TestVoiceClient, type TestVoiceClientOptions } from '../../testing/voice-client.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { ConnectionManager, type ConnectionManagerOptions } from '../voice/connection-manager.ts';
import type { Limits } from '../voice/limits.ts';
import { createVoiceServer, type VoiceServer } from '../voice/server.ts';
import type { TurnEnding, TurnSink, TurnStart } from '../voice/turn-sink.ts';
import { answerWelcome } from './answer-welcome.ts';

// A real voice server with its log and recordings in memory, and clients for it.

export const TOKEN = 'test-token-0123456789abcdefghijklmnopqrstuvw';
export const ORIGIN = 'http://127.0.0.1:1';

/**
 * Fails every test of a file that leaves a rejection unhandled. Call it before the file's own hooks, so that its checks
 * run after them.
 */
export function watchRejections(): Mock {
  const unhandled = vi.fn();
  beforeEach(() => {
    unhandled.mockReset();
    process.on('unhandledRejection', unhandled);
  });
  afterEach(() => {
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
  return unhandled;
}

export interface Logged {
  event: LogEventName;
  fields: Record<string, string | number | boolean>;
}

export interface Turn extends TurnStart {
  pcm: number[];
  gaps: number[];
  /** Microphone states, each with the number of the sample at which it began. */
  microphone: Array<MicrophoneState & { at: number }>;
  /** Pauses, each with the number of the sample before which it was. */
  pauses: Array<{ at: number; seconds: number | null }>;
  finished: boolean;
  /** null while the turn runs. */
  ending: TurnEnding | null;
}

/** A call of a metric: its name, then its arguments. */
export type Measured = [keyof VoiceMetrics, ...Array<string | number>];

export function recordingMetrics(measured: Measured[] = []): VoiceMetrics {
  return {
    attempt: () => measured.push(['attempt']),
    refused: (status) => measured.push(['refused', status]),
    welcome: (outcome, attempts, ms) => measured.push(['welcome', outcome, attempts, ms]),
    resumed: (ms) => measured.push(['resumed', ms]),
    expired: () => measured.push(['expired']),
    frames: (count) => measured.push(['frames', count]),
    missing: (frames) => measured.push(['missing', frames]),
    duplicates: (frames) => measured.push(['duplicates', frames]),
    dropped: () => measured.push(['dropped']),
    settleDelay: (ms) => measured.push(['settleDelay', ms]),
  };
}

export interface Rig {
  /** The current server. */
  readonly server: VoiceServer;
  readonly port: number;
  readonly manager: ConnectionManager;
  logged: Logged[];
  measured: Measured[];
  turns: Turn[];
  /** Resolves with the first log entry of this event that matches, also if it was logged before. */
  untilLogged(event: LogEventName, matchesFields?: (fields: Logged['fields']) => boolean): Promise<Logged>;
  url(userId?: string, sessionId?: string): string;
  /** Replaces the server with a new one with the same manager. Default: on another port. */
  restart(port?: number): Promise<void>;
  stop(): Promise<void>;
}

export function memorySink(turns: Turn[]): TurnSink {
  return {
    begin(start) {
      const turn: Turn = { ...start, pcm: [], gaps: [], microphone: [], pauses: [], finished: false, ending: null };
      turns.push(turn);
      return {
        write: (pcm) => {
          const bytes = Buffer.from(pcm);
          for (let i = 0; i < bytes.length; i += 2) turn.pcm.push(bytes.readInt16LE(i));
          return true;
        },
        gap: (samples) => turn.gaps.push(samples) > 0,
        microphone: (samples, state) => {
          const missing = turn.gaps.reduce((sum, gap) => sum + gap, 0);
          turn.microphone.push({ at: turn.pcm.length + missing + samples, ...state });
        },
        pause: (samples, seconds) => {
          const missing = turn.gaps.reduce((sum, gap) => sum + gap, 0);
          turn.pauses.push({ at: turn.pcm.length + missing + samples, seconds });
        },
        finish: async (ending = 'interrupted') => {
          turn.finished = true;
          turn.ending = ending;
          return null;
        },
      };
    },
  };
}

export async function startRig(
  options: { limits?: Partial<Limits>; metricsText?: () => Promise<string> } & Partial<
    Pick<ConnectionManagerOptions, 'sink' | 'monotonicNow'>
  > = {},
): Promise<Rig> {
  const { limits = {}, metricsText, ...rest } = options;
  const logged: Logged[] = [];
  const measured: Measured[] = [];
  const turns: Turn[] = [];
  const waiters = new Set<(entry: Logged) => void>();
  const log: Log = (event, fields = {}) => {
    const entry = { event, fields };
    logged.push(entry);
    for (const waiter of waiters) waiter(entry);
  };
  const metrics = recordingMetrics(measured);
  const manager = new ConnectionManager({ sink: memorySink(turns), log, metrics, limits, ...rest });
  const proofs = createLaunchProofs(TOKEN);
  const newServer = (port = 0): VoiceServer =>
    createVoiceServer({
      port,
      manager,
      proofs,
      origin: ORIGIN,
      log,
      metrics,
      limits,
      ...(metricsText ? { metricsText } : {}),
    });
  let server = newServer();
  await server.start();
  return {
    get server() {
      return server;
    },
    get port() {
      return server.port ?? 0;
    },
    manager,
    logged,
    measured,
    turns,
    url: (userId = 'tester', sessionId) =>
      `ws://127.0.0.1:${server.port}/ws/voice?user_id=${userId}${sessionId ? `&session_id=${sessionId}` : ''}`,
    async restart(port) {
      await server.stop();
      server = newServer(port);
      await server.start();
    },
    async stop() {
      await Promise.all([server.stop(), manager.close()]);
    },
    untilLogged(event, matchesFields = () => true) {
      const matches = (entry: Logged) => entry.event === event && matchesFields(entry.fields);
      const before = logged.find(matches);
      if (before) return Promise.resolve(before);
      return new Promise((resolve) => {
        const waiter = (entry: Logged) => {
          if (!matches(entry)) return;
          waiters.delete(waiter);
          resolve(entry);
        };
        waiters.add(waiter);
      });
    },
  };
}

/** The proof of a client that knows the token. */
export function proofFor(url: string, resumeToken?: string): ClientProof {
  return createClientProof({ secret: TOKEN, url, origin: ORIGIN, protocol: PROTOCOL, resumeToken });
}

/** A client of the test server. */
export class TestClient extends TestVoiceClient {
  constructor(url: string, options: TestVoiceClientOptions = {}) {
    super({ url, token: TOKEN, origin: ORIGIN }, options);
  }
}

/** Opens a client that resumes the session of a welcome. */
export function reconnect(rig: Rig, welcome: ConnectedMessage, options: { autoReady?: boolean } = {}): TestClient {
  return new TestClient(rig.url(welcome.user_id, welcome.session_id), { ...options, resume: welcome.resume_token });
}

/** The samples of the frames `from` to `through`, both included. Each sample is the number of its frame. */
export function samplesOf(from: number, through: number): number[] {
  return Array.from({ length: through - from + 1 }, (_, i) => Array<number>(FRAME_SAMPLES).fill(from + i)).flat();
}

/** A valid upgrade request as text. */
export function upgradeRequest(port: number, extra: Record<string, string> = {}): string {
  const headers: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Origin: ORIGIN,
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': proofFor(`ws://127.0.0.1:${port}/ws/voice`).protocols.join(', '),
    ...extra,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `GET /ws/voice?user_id=raw HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Extracts a welcome from received text. */
export function welcomeIn(text: string): { session_id: string; challenge: string } {
  const field = (name: string) => new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1] ?? '';
  return { session_id: field('session_id'), challenge: field('challenge') };
}

/** The `ready` message of the client that sent this request and received this welcome. */
export function readyAfter(port: number, request: string, welcome: Pick<ConnectedMessage, 'session_id' | 'challenge'>) {
  const url = `ws://127.0.0.1:${port}/ws/voice`;
  return answerWelcome({ secret: TOKEN, url, origin: ORIGIN, offered: request, welcome });
}

export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
