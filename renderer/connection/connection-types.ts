import type { VoiceState } from '../../shared/protocol.ts';
import type { MicProblem, ProblemCode } from './problems.ts';

/** What the client's state machine knows. Sockets and microphones have numbers: what a former one says changes nothing. */
export interface ConnectionState {
  /** The last press asked for listening. */
  wanted: boolean;
  link: 'none' | 'opening' | 'welcomed' | 'closing' | 'waiting';
  /** Number of the newest socket. */
  socket: number;
  /** The session that stands, or that the next connection is to take up again. */
  sessionId: string | null;
  /**
   * What was agreed in this session; a lost connection leaves it as it is. `stopping`: the last words are being delivered,
   * then `stop` is answered.
   */
  voice: 'idle' | 'starting' | 'listening' | 'stopping';
  /** The server has said that it listens in this turn: the turn's audio belongs to the session. */
  begun: boolean;
  /** The last frame of the turn that is being delivered is in: what is captured from now on belongs to the next turn. */
  sealed: boolean;
  /** Turns that have ended as well and wait behind the one that is being delivered. */
  backlog: number;
  /** The microphone that is being stopped belongs to a turn that is to be delivered behind another one. */
  queued: boolean;
  /** The microphone that is being stopped belongs to a turn that could not be delivered: its last samples are kept with it. */
  salvage: boolean;
  /** Whether the connection was heard lately: a `stale` one answers a ping before the first audio goes out on it. */
  pulse: 'fresh' | 'stale' | 'asked';
  mic: 'off' | 'opening' | 'live' | 'stopping';
  /** Number of the newest microphone. */
  micNumber: number;
  /** Failed connections in a row. From `MAX_FAILURES` on the breaker is open: one try every `BREAKER_MS`. */
  failures: number;
  /** The delay of the retry that is being waited for, in ms. */
  retryInMs: number | null;
  /** The server has moved or come back since this socket was opened: when it closes, nothing is gained by waiting. */
  nudged: boolean;
  /** Since when what is kept has had no connection that answered, in ms of a monotonic clock; null: it has one, or needs none. */
  awaySince: number | null;
  /** The window in which a session can be taken up is almost over: when this try fails, it is. */
  lastTry: boolean;
  /** When the last press for a new turn was, in ms of the same clock. */
  pressedAt: number;
  /** Since that press the window has said that what is heard is kept. */
  promised: boolean;
  /** Since the press: connections lost after their welcome, */
  broken: number;
  /** mended within their session, */
  resumes: number;
  /** and replaced by a new session. */
  newSessions: number;
  /** A session with audio in it was lost, and no new one stands yet. */
  bereft: boolean;
  problem: ProblemCode | null;
}

export const INITIAL_STATE: ConnectionState = {
  wanted: false,
  link: 'none',
  socket: 0,
  sessionId: null,
  voice: 'idle',
  begun: false,
  sealed: false,
  backlog: 0,
  queued: false,
  salvage: false,
  pulse: 'fresh',
  mic: 'off',
  micNumber: 0,
  failures: 0,
  retryInMs: null,
  nudged: false,
  awaySince: null,
  lastTry: false,
  pressedAt: 0,
  promised: false,
  broken: 0,
  resumes: 0,
  newSessions: 0,
  bereft: false,
  problem: null,
};

export type TimerName = 'welcome' | 'answer' | 'pong' | 'idle' | 'close' | 'retry' | 'stable' | 'window';

/** What decides when the next try is: `random` in [0, 1) jitters the backoff, `at` is now, in ms of a monotonic clock. */
export interface Chance {
  random: number;
  at: number;
}

export type ConnectionEvent =
  | { type: 'press'; at: number }
  | { type: 'retry_now' }
  /** The server has come back, the network has, or the machine woke up: nothing is gained by waiting on. */
  | { type: 'nudge' }
  /** The machine slept: a connection that seems to stand may be long gone. */
  | { type: 'woke' }
  /** The window is going away: stop everything, now and for good. */
  | { type: 'dispose' }
  /** `agrees`: what the server says that it holds can be true. */
  | ({ type: 'welcome'; socket: number; sessionId: string; resumed: boolean; agrees: boolean } & Chance)
  | { type: 'voice_state'; socket: number; state: VoiceState }
  | { type: 'pong'; socket: number }
  /** The server holds audio that it got on this very connection. */
  | { type: 'progress'; socket: number }
  /** The socket seems open, and nothing gets through it. */
  | ({ type: 'frozen'; socket: number } & Chance)
  /** Whoever answered on this socket could not prove that it is Earshot. The connection is over. */
  | { type: 'unproven'; socket: number }
  /** The same of the bridge: the host is not there to tell of the voice server. */
  | { type: 'host_unproven' }
  /** The server said what can't be true. */
  | ({ type: 'protocol_error'; socket: number } & Chance)
  /** `retryAfterMs` is what a 1013 asked for. */
  | ({ type: 'closed'; socket: number; code: number; retryAfterMs: number | null } & Chance)
  /** The host says why a socket was refused: the server is full. */
  | { type: 'server_full'; socket: number }
  /** The page has found out why a socket was refused: its request brings more cookies than Earshot accepts. */
  | { type: 'too_many_cookies'; socket: number }
  | { type: 'mic_live'; mic: number }
  | { type: 'mic_failed'; mic: number; problem: MicProblem }
  /** The device went away while it was live. */
  | { type: 'mic_ended'; mic: number }
  /** The microphone is off, its last samples flushed. */
  | { type: 'mic_stopped'; mic: number }
  | ({ type: 'timer'; timer: TimerName } & Chance);

export type ConnectionEffect =
  /** `resume`: with the session's id and its secret. */
  | { do: 'open_socket'; socket: number; resume: boolean }
  /** Ask for the closing handshake; `closed` follows. */
  | { do: 'close_socket'; socket: number; code: number }
  /** Take no further notice of this socket: its `closed` will not come, or comes too late. */
  | { do: 'abandon_socket'; socket: number; code: number }
  | { do: 'send_ready'; socket: number; sessionId: string }
  | { do: 'send_ping'; socket: number }
  | { do: 'send_start'; socket: number }
  | { do: 'send_stop'; socket: number }
  | { do: 'open_mic'; mic: number }
  | { do: 'stop_mic'; mic: number }
  /** The session listens: what waits belongs to it and leaves, then each frame as it comes. */
  | { do: 'open_audio'; socket: number }
  /** The connection is gone, the session may not be: frames get their numbers and wait. */
  | { do: 'hold_audio' }
  /** The session was taken up again: what the server does not hold leaves once more. */
  | { do: 'resume_audio'; socket: number }
  /** The last frame of the turn that is captured is in: what comes later belongs to the next one. Once a turn. */
  | { do: 'seal_audio' }
  /**
   * The session is over: its audio that was not acknowledged is not in its recording. `turnOver`: neither will there be
   * another session for its turn.
   */
  | { do: 'end_session'; turnOver: boolean }
  /** Turns that ended and wait to be delivered are given up. */
  | { do: 'give_up_backlog' }
  /**
   * The turn that is captured gets no session. `keep`: it is kept for the person all the same, as what could not be
   * delivered; else nobody wants it.
   */
  | { do: 'drop_audio'; keep: boolean }
  | { do: 'set_timer'; timer: TimerName; ms: number }
  | { do: 'clear_timer'; timer: TimerName };

export interface Step {
  state: ConnectionState;
  effects: ConnectionEffect[];
}

/** How long `start` and `stop` may stay unanswered, in ms: as long as a welcome. */
export const ANSWER_TIMEOUT_MS = 2_000;
/** A connection on which nothing was heard for this long (ms) is pinged before the first audio leaves on it, */
export const IDLE_AFTER_MS = 5_000;
/** and given up when no pong has come after this long (ms). */
export const PONG_TIMEOUT_MS = 1_000;
/** How long a closing handshake may take, in ms, before a socket is left to itself: on loopback it takes one. */
export const CLOSE_TIMEOUT_MS = 1_000;
/** Connected for this long (ms), and former failures are forgotten; audio that got through forgets them at once. */
export const STABLE_AFTER_MS = 5_000;
/** Failures in a row that open the breaker. */
export const MAX_FAILURES = 5;
/** How long (ms) an open breaker waits before it lets one try through. */
export const BREAKER_MS = 15_000;
/** Longest delay (ms) before the next try while last words wait: they are given up when the window is over. */
export const DELIVERY_RETRY_MS = 2_000;
/** How long (ms) before the end of the window the last try begins: as long as it may take. */
export const LAST_TRY_MS = 2_000;
