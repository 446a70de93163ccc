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
