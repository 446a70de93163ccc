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

/** The kinds that the guard refuses and counts by HTTP status. */
export const REFUSED_BY_GUARD: readonly Kind[] = ['token', 'origin', 'host', 'path', 'query', 'handshake'];

/**
 * How an attack ended. `refused`: with this HTTP status. `closed`: with this close code. `cut`: the connection ended
 * without a close frame. `left`: the peer disconnected. `silence`: the server never ended the connection.
 */
export type Ending = `refused ${number}` | `closed ${number}` | 'cut' | 'left' | 'silence';

/** An upgrade request, valid except for the attack. */
export interface RequestDraft {
  attack?: HandshakeAttack;
  /** The session to resume, and the resume token: from the attack's first or last welcome, or forged. */
  resume?: { session: 'own' | 'other' | 'unknown'; token: 'first' | 'last' | 'forged' };
}

/** One action of a peer. It is plain data, so that tests can compare it. */
export type Step =
  /** Opens the connection that the following steps use. */
  | { do: 'connect' }
  | { do: 'request'; request: RequestDraft }
  /** Sends the same bytes repeatedly. */
  | { do: 'send'; bytes: Uint8Array; times: number }
  /** Sends one byte at a time, with pauses, until the server ends the connection. */
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

/** The actions of one or more peers, and the expected endings. */
export interface Attack {
  kind: Kind;
  /** If the last step is not `leave`, the peer waits until the server ends the connection. */
  script: readonly Step[];
  expect: readonly Ending[];
  /** Number of peers that run the script. Each starts `staggerMs` (ms) after the previous one. */
  peers: number;
  staggerMs: number;
  /** The peer does not answer close frames, so the server has to destroy the connection. */
  ignoresClose: boolean;
}

/** `full`, `restarted`: the server was full or restarting and would have refused any client. */
export type AttackResult = 'as expected' | 'full' | 'restarted' | 'unexpected';

/**
 * Compares the ending of an attack with the expected ones.
 * @param hasRetryAfter whether the refusal had a Retry-After header
 * @param restarted whether the server was replaced during the attack
 */
export function evaluateAttack(
  { expect }: Pick<Attack, 'expect'>,
  { ending, hasRetryAfter, restarted }: { ending: Ending; hasRetryAfter: boolean; restarted: boolean },
): AttackResult {
  if (expect.includes(ending)) return 'as expected';
  if (restarted && ending !== 'silence') return 'restarted';
  // The server checks its connection limits before anything else. It sends Retry-After (RFC 9110, section 15.6.4).
  return ending === 'refused 503' && hasRetryAfter ? 'full' : 'unexpected';
}
