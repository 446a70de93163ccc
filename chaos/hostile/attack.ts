import type { HandshakeAttack } from '../../main/testing/handshake-attacks.ts';
import type { CutKind } from '../../testing/faults/proxied-connection.ts';

/** Kinds of attack. */
export const KINDS = [
  'token',
  'origin',
  'host',
  'path',
  'query',
  'handshake',
  'malformed',
  'metrics',
  'slow upgrade',
  'bad frame',
  'fragments',
  'bad message',
  'bad audio',
  'flood',
  'ping flood',
  'stalled reader',
  'no ready',
  'leaves',
  'resume',
  'crowd',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that the upgrade guard refuses and counts by HTTP status. */
export const REFUSED_BY_GUARD: readonly Kind[] = ['token', 'origin', 'host', 'path', 'query', 'handshake'];

/** How the attack ended. `left`: the peer disconnected; `silence`: the server never ended the connection. */
export type Ending = `refused ${number}` | `closed ${number}` | 'cut' | 'left' | 'silence';

/** An upgrade request, valid except for the attack. */
export interface RequestDraft {
  attack?: HandshakeAttack;
  /** Session to resume, and the resume token: of the attack's first or last welcome, or forged. */
  resume?: { session: 'own' | 'other' | 'unknown'; token: 'first' | 'last' | 'forged' };
}

/** One action of a peer, generated from a seed and comparable in tests. */
export type Step =
  /** Opens a connection used by the following steps. */
  | { do: 'connect' }
  | { do: 'request'; request: RequestDraft }
  /** Sends the same bytes repeatedly. */
  | { do: 'send'; bytes: Uint8Array; times: number }
  /** Sends single bytes with pauses until the server ends the connection. */
  | { do: 'trickle'; bytes: Uint8Array }
  /** Sends audio frames, starting at sequence number `from`. */
  | { do: 'send audio'; from: number; count: number }
  | { do: 'wait for'; event: 'connected' | 'voice_state' | 'pong' }
  | { do: 'ready' }
  /** Stops reading until `resume reading`. */
  | { do: 'pause reading' }
  | { do: 'resume reading' }
  | { do: 'wait'; ms: number }
  | { do: 'leave'; how: CutKind };

/** The actions of one or more peers and the endings that are accepted. */
export interface Attack {
  kind: Kind;
  /** A script that does not end in `leave` waits for the server to end the connection. */
  script: readonly Step[];
  expect: readonly Ending[];
  /** Number of peers that run the script, each starting `apartMs` (ms) after the previous one. */
  peers: number;
  apartMs: number;
  /** Does not answer close frames; the server has to destroy the connection. */
  rude: boolean;
}

/** `full` and `moved`: any client would have been refused at that moment. */
export type AttackResult = 'as expected' | 'full' | 'moved' | 'unexpected';

/**
 * @param asksToRetry the refusal had a Retry-After header
 * @param moved the server was replaced during the attack
 */
export function evaluateAttack(
  { expect }: Pick<Attack, 'expect'>,
  { ending, asksToRetry, moved }: { ending: Ending; asksToRetry: boolean; moved: boolean },
): AttackResult {
  if (expect.includes(ending)) return 'as expected';
  if (moved && ending !== 'silence') return 'moved';
  // The server checks its connection limits first, for every client (RFC 9110 section 15.6.4).
  return ending === 'refused 503' && asksToRetry ? 'full' : 'unexpected';
}
