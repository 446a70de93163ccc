import type { CutKind } from '../../testing/faults/proxied-connection.ts';

/** What peers try that nobody honest would. */
export const KINDS = [
  'token',
  'origin',
  'host',
  'path',
  'query',
  'method',
  'not http',
  'metrics',
  'slow upgrade',
  'bad frame',
  'fragments',
  'bad message',
  'bad audio',
  'flood',
  'ping flood',
  'deaf reader',
  'no ready',
  'leaves',
  'resume',
  'crowd',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that the guard of an upgrade refuses, and counts by their status. */
export const REFUSED_BY_GUARD: readonly Kind[] = ['token', 'origin', 'host', 'path', 'query', 'method'];

/** How it ended, as the peer saw it. `left`: the peer went by itself; `silence`: it waited for an end that did not come. */
export type Ending = `refused ${number}` | `closed ${number}` | 'cut' | 'left' | 'silence';

/** An HTTP request, honest where nothing else is said. `{port}` in a text is the server's own. */
export interface RequestDraft {
  method?: string;
  target?: string;
  /** The values of that header, each in a line of its own. */
  host?: readonly string[];
  origin?: readonly string[];
  /** `ours`: this launch's token. */
  tokens?: readonly string[];
  /** With the session that this attempt was given first, or one of an honest window; and the token of its first or last welcome. */
  resume?: { session: 'own' | 'honest' | 'unknown'; token: 'first' | 'last' | 'forged' };
  /** Default: an upgrade (RFC 6455 section 4.1). */
  plain?: boolean;
  /** Further lines. */
  more?: readonly string[];
}

/** One thing that a peer does. Plain data, so that a seed can draw it and a test can compare it. */
export type Step =
  /** Opens a connection; what follows happens on it. */
  | { do: 'dial' }
  | { do: 'request'; request: RequestDraft }
  /** Sends the same bytes so many times. */
  | { do: 'send'; bytes: Uint8Array; times: number }
  /** Sends one byte after the other, a moment apart, for as long as it may. */
  | { do: 'trickle'; bytes: Uint8Array }
  /** Audio frames from one number on. */
  | { do: 'speak'; from: number; count: number }
  | { do: 'hear'; event: 'connected' | 'voice_state' | 'pong' }
  | { do: 'ready' }
  /** Reads nothing until it listens again. */
  | { do: 'deafen' }
  | { do: 'listen' }
  | { do: 'stay'; ms: number }
  | { do: 'leave'; how: CutKind };

/** What some peers try, and the ends that it may come to. */
export interface Attack {
  kind: Kind;
  /** Does not end by `leave`: then it waits for what the server does. */
  script: readonly Step[];
  expect: readonly Ending[];
  /** So many peers do the same, and begin this long (ms) after each other. */
  peers: number;
  apartMs: number;
  /** It answers no close frame, and has to be cut. */
  rude: boolean;
}

/** `full` and `moved`: turned away as anybody would be at that moment. */
export type AttackResult = 'as expected' | 'full' | 'moved' | 'unexpected';

/**
 * @param asksToRetry a refusal said when to come back
 * @param moved the server was replaced meanwhile
 */
export function evaluateAttack(
  { expect }: Pick<Attack, 'expect'>,
  { ending, asksToRetry, moved }: { ending: Ending; asksToRetry: boolean; moved: boolean },
): AttackResult {
  if (expect.includes(ending)) return 'as expected';
  if (moved && ending !== 'silence') return 'moved';
  // The caps come before all else, for whoever asks (RFC 9110 section 15.6.4).
  return ending === 'refused 503' && asksToRetry ? 'full' : 'unexpected';
}
