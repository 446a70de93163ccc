import { answerWelcome } from '../../main/testing/answer-welcome.ts';
import { createClientProof } from '../../shared/client-proof.ts';
import { PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';
import { ORIGIN, TOKEN } from '../host.ts';
import type { RequestDraft } from './attempt.ts';

/** Session credentials from a welcome. */
export interface SessionCredentials {
  sessionId: string;
  token: string;
  challenge: string;
  /** The request that the welcome answered. */
  request: string;
}

/** State that a request may refer to when it is sent. */
export interface AttackContext {
  port: number;
  /** All welcomes of this attack, oldest first. */
  granted: readonly SessionCredentials[];
  /** A session of another user; null if there is none. */
  honest: { user: string; sessionId: string } | null;
}

export const HOSTILE_USER = 'hostile';
/** As long as a real resume token. */
const FORGED = 'f'.repeat(43);
const UNKNOWN_SESSION = 'u'.repeat(16);

/** Returns the text of a request; valid except for what the draft overrides. */
export function requestText(draft: RequestDraft, context: AttackContext): string {
  const { method = 'GET', tokens = [TOKEN], host = ['127.0.0.1:{port}'], origin = [ORIGIN], plain, more = [] } = draft;
  const resume = draft.resume ? resumption(draft.resume, context) : null;
  const query = `user_id=${resume?.user ?? HOSTILE_USER}${resume ? `&session_id=${resume.session}` : ''}`;
  const protocols = [PROTOCOL, ...tokens.flatMap((secret) => offer(secret, resume?.token, context.port))];
  const lines = [
    `${method} ${draft.target ?? `${VOICE_PATH}?${query}`} HTTP/1.1`,
    ...host.map((value) => `Host: ${value}`),
    ...origin.map((value) => `Origin: ${value}`),
    ...(plain ? [] : upgradeLines(protocols)),
    ...more,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`.replaceAll('{port}', String(context.port));
}

/** Subprotocols that prove knowledge of the given secrets to the server on this port. */
function offer(secret: string, resumeToken: string | undefined, port: number): string[] {
  const url = `ws://127.0.0.1:${port}${VOICE_PATH}`;
  return createClientProof({ secret, url, origin: ORIGIN, protocol: PROTOCOL, resumeToken }).protocols.slice(1);
}

/** Returns the valid `ready` message for a welcome. */
export function readyText({ sessionId, challenge, request }: SessionCredentials, port: number): string {
  const url = `ws://127.0.0.1:${port}${VOICE_PATH}`;
  const welcome = { session_id: sessionId, challenge };
  return JSON.stringify(answerWelcome({ secret: TOKEN, url, origin: ORIGIN, offered: request, welcome }));
}

function upgradeLines(protocols: readonly string[]): string[] {
  return [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==',
    `Sec-WebSocket-Protocol: ${protocols.join(', ')}`,
  ];
}

function resumption({ session, token }: NonNullable<RequestDraft['resume']>, { granted, honest }: AttackContext) {
  const own = granted.at(0);
  const secret = { first: own?.token, last: granted.at(-1)?.token, forged: FORGED }[token] ?? FORGED;
  if (session === 'honest' && honest !== null) return { user: honest.user, session: honest.sessionId, token: secret };
  const id = session === 'own' ? own?.sessionId : undefined;
  return { user: HOSTILE_USER, session: id ?? UNKNOWN_SESSION, token: secret };
}

export interface FrameDraft {
  /** RFC 6455 section 5.2: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  opcode: number;
  payload?: Uint8Array;
  /** Default: true, the last frame of its message. */
  fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  rsv?: number;
  /** Default: true, as required of clients. The mask is all zeros, which saves the XOR. */
  masked?: boolean;
  /** The length that the header claims; default: the payload's. */
  claims?: bigint;
}

/** Encodes a frame that may violate RFC 6455 section 5.2. */
export function frameBytes(draft: FrameDraft): Buffer {
  const { opcode, payload = Buffer.alloc(0), fin = true, rsv = 0, masked = true } = draft;
  const length = draft.claims ?? BigInt(payload.byteLength);
  const mask = masked ? 0x80 : 0;
  const head = Buffer.alloc(10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  let size = 2;
  if (length < 126n) head[1] = mask | Number(length);
  else if (length < 65_536n) {
    head[1] = mask | 126;
    size = head.writeUInt16BE(Number(length), 2);
  } else {
    head[1] = mask | 127;
    size = head.writeBigUInt64BE(length, 2);
  }
  return Buffer.concat([head.subarray(0, size), Buffer.alloc(masked ? 4 : 0), payload]);
}

/** A text frame. */
export function textBytes(text: string): Buffer {
  return frameBytes({ opcode: 1, payload: Buffer.from(text) });
}

/** A close frame with a code and a reason. */
export function closeBytes(code: number, reason: Uint8Array = Buffer.alloc(0)): Buffer {
  return frameBytes({ opcode: 8, payload: Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason]) });
}
