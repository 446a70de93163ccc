import { answerWelcome } from '../../main/testing/answer-welcome.ts';
import { bytesOf, type Endpoint, validHandshake } from '../../main/testing/raw-handshake.ts';
import { PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';
import { ORIGIN, TOKEN } from '../host.ts';
import type { RequestDraft } from './attack.ts';

/** The credentials of a session, from its welcome. */
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
  other: { user: string; sessionId: string } | null;
}

export const HOSTILE_USER = 'hostile';
/** As long as a real resume token. */
const FORGED = 'f'.repeat(43);
const UNKNOWN_SESSION = 'u'.repeat(16);

/** Returns the bytes of an upgrade request that is valid except for the attack of the draft. */
export function requestBytes({ attack, resume }: RequestDraft, context: AttackContext): Buffer {
  const resumed = resume ? resumption(resume, context) : null;
  const query = `user_id=${resumed?.user ?? HOSTILE_USER}${resumed ? `&session_id=${resumed.session}` : ''}`;
  const at: Endpoint = {
    port: context.port,
    origin: ORIGIN,
    token: TOKEN,
    protocol: PROTOCOL,
    target: `${VOICE_PATH}?${query}`,
    ...(resumed ? { resumeToken: resumed.token } : {}),
  };
  return bytesOf(attack ? attack[3](at) : validHandshake(at));
}

/** Returns the valid `ready` message for a welcome. */
export function readyText({ sessionId, challenge, request }: SessionCredentials, port: number): string {
  const url = `ws://127.0.0.1:${port}${VOICE_PATH}`;
  const welcome = { session_id: sessionId, challenge };
  return JSON.stringify(answerWelcome({ secret: TOKEN, url, origin: ORIGIN, offered: request, welcome }));
}

function resumption({ session, token }: NonNullable<RequestDraft['resume']>, { granted, other }: AttackContext) {
  const own = granted.at(0);
  const secret = { first: own?.token, last: granted.at(-1)?.token, forged: FORGED }[token] ?? FORGED;
  if (session === 'other' && other !== null) return { user: other.user, session: other.sessionId, token: secret };
  const id = session === 'own' ? own?.sessionId : undefined;
  return { user: HOSTILE_USER, session: id ?? UNKNOWN_SESSION, token: secret };
}
