import { z } from 'zod';
import { CHANNELS, FRAME_MS, SAMPLE_RATE } from './audio-format.ts';
import { isTooDeep } from './json-depth.ts';
import { MicrophoneState } from './microphone-state.ts';
import { Nonce, Proof } from './proof.ts';

/** The wire protocol `voice.v1`, described in docs/protocol.md. */
export const PROTOCOL = 'voice.v1';
export const VOICE_PATH = '/ws/voice';

/** Interval (ms) of the server's pings. A peer that is silent for `HEARTBEAT_GRACE_MS` afterwards is disconnected. */
export const HEARTBEAT_MS = 15_000;
export const HEARTBEAT_GRACE_MS = 10_000;
/** Longest pause (s) that is noted, one week. A longer one is noted as this. */
export const MAX_PAUSE_S = 604_800;
/** How long (ms) the server keeps a session whose connection was lost. */
export const RESUME_WINDOW_MS = 30_000;
/** Time (ms) after which the client gives up on a socket without a welcome. */
export const WELCOME_TIMEOUT_MS = 2_000;

/** WebSocket close codes that Earshot uses (RFC 6455 section 7.4); 4xxx are for private use. */
export const CLOSE = {
  done: 1000,
  goingAway: 1001,
  lost: 1006,
  policy: 1008,
  tooLarge: 1009,
  internal: 1011,
  overloaded: 1013,
  welcomeUnacknowledged: 4408,
  takenOver: 4409,
  nothingToResume: 4410,
  /** Sent by a client whose server acknowledges frames that were never sent. Pages can't send RFC 6455's 1002. */
  protocolError: 4400,
} as const;

/** A label; it grants no permissions. */
export const UserId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const SessionId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const VoiceState = z.enum(['idle', 'listening']);
export type VoiceState = z.infer<typeof VoiceState>;

const PingId = z.union([z.string().max(64), z.int().min(0)]);
/** Milliseconds since the epoch. */
const Time = z.number().min(0).max(8.64e15);

/** base64url. The server sends it once, in a welcome. The client never sends it back, but proves that it has it. */
const ResumeToken = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);

const Connected = z.object({
  event: z.literal('connected'),
  session_id: SessionId,
  user_id: UserId,
  protocol: z.literal(PROTOCOL),
  /** Proves that the server knows the launch's secret, for this session id (shared/proof.ts). */
  proof: Proof,
  /** Signed by the client in `ready`; the same in every attempt. */
  challenge: Nonce,
  /** Number of this attempt to deliver the welcome, from 1 to 3. */
  attempt: z.int().min(1).max(3),
  resumed: z.boolean(),
  resume_token: ResumeToken,
  /** Last audio seq that the server has received, -1 if none. */
  received_through: z.int().min(-1),
  heartbeat_ms: z.int().positive(),
  /** How long (ms) a lost session can be resumed; 0: not at all. */
  resume_window_ms: z.int().min(0),
  audio: z.object({
    encoding: z.literal('pcm_s16le'),
    sample_rate: z.literal(SAMPLE_RATE),
    channels: z.literal(CHANNELS),
    frame_ms: z.literal(FRAME_MS),
  }),
});

const serverMessages = {
  connected: Connected,
  voice_state: z.object({ event: z.literal('voice_state'), session_id: SessionId, state: VoiceState }),
  audio_ack: z.object({ event: z.literal('audio_ack'), session_id: SessionId, through: z.int().min(-1) }),
  pong: z.object({ event: z.literal('pong'), id: PingId, client_time: Time, server_time: Time }),
  error: z.object({
    event: z.literal('error'),
    session_id: SessionId,
    code: z.string().max(64),
    message: z.string().max(300),
    retryable: z.boolean(),
  }),
} as const;

/** Messages from the client, by `event`. */
export const CLIENT_MESSAGES = {
  /** Confirms the welcome and answers its challenge. */
  ready: z.object({ event: z.literal('ready'), session_id: SessionId, proof: Proof }),
  start: z.object({ event: z.literal('start') }),
  stop: z.object({ event: z.literal('stop') }),
  /** Microphone state from frame `seq` of the session on. */
  microphone: MicrophoneState.extend({ event: z.literal('microphone'), seq: z.int().min(0).max(0xffff_ffff) }),
  /**
   * The user paused before frame `seq` of the session, for `seconds`; null: the turn is paused, and the frame follows
   * when it goes on.
   */
  pause: z.object({
    event: z.literal('pause'),
    seq: z.int().min(0).max(0xffff_ffff),
    seconds: z.number().min(0).max(MAX_PAUSE_S).nullable(),
  }),
  ping: z.object({ event: z.literal('ping'), id: PingId, client_time: Time }),
} as const;

type MessageOf<Table extends Record<string, z.ZodType>> = { [K in keyof Table]: z.infer<Table[K]> }[keyof Table];
export type ServerMessage = MessageOf<typeof serverMessages>;
export type ClientMessage = MessageOf<typeof CLIENT_MESSAGES>;
export type ConnectedMessage = z.infer<typeof Connected>;

/** Result of parsing a text frame. `event` comes from the sender and is not safe to print; the log sanitises it. */
export type Parsed<Message> =
  | { kind: 'message'; message: Message }
  | { kind: 'unknown'; event: string }
  | { kind: 'malformed'; event: string | null; reason: string };

/** Maximum nesting depth of a message. Valid messages have at most 2 levels. */
const MAX_MESSAGE_DEPTH = 8;

function parseWith<Message>(table: Record<string, z.ZodType>, text: string): Parsed<Message> {
  if (isTooDeep(text, MAX_MESSAGE_DEPTH)) return { kind: 'malformed', event: null, reason: 'nested too deeply' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', event: null, reason: 'not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'malformed', event: null, reason: 'not a JSON object' };
  }
  const event = (value as { event?: unknown }).event;
  if (typeof event !== 'string') return { kind: 'malformed', event: null, reason: 'no event name' };
  // Object.hasOwn: "constructor" and "__proto__" are unknown events, not inherited members.
  const schema = Object.hasOwn(table, event) ? table[event] : undefined;
  if (schema === undefined) return { kind: 'unknown', event };
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'message', message: result.data as Message };
  const issue = result.error.issues[0];
  return { kind: 'malformed', event, reason: `${issue?.path.join('.') || event}: ${issue?.message ?? 'invalid'}` };
}

/** Parses a text frame sent by the server; never throws. */
export function parseServerMessage(text: string): Parsed<ServerMessage> {
  return parseWith(serverMessages, text);
}

/** Parses a text frame sent by a client; never throws. */
export function parseClientMessage(text: string): Parsed<ClientMessage> {
  return parseWith(CLIENT_MESSAGES, text);
}

/** Close reason for code 1013 that tells clients how long to wait; ASCII, under 123 bytes. */
export function retryAfterReason(ms: number): string {
  return `retry_after_ms=${Math.round(ms)}`;
}

/**
 * @returns the delay (ms) in a 1013 close reason, or null. At most 60 s, so that no peer can stop a client from
 * retrying.
 */
export function parseRetryAfter(reason: string): number | null {
  const match = /^retry_after_ms=(\d{1,9})$/.exec(reason);
  return match ? Math.min(Number(match[1]), 60_000) : null;
}
