import type { VoiceState } from '../../shared/protocol.ts';
import type { MicProblem, ProblemCode } from './problems.ts';

/** State of the client. Sockets and microphones are numbered; events from stale ones are ignored. */
export interface ConnectionState {
  /** The user wants to record: the last press was a start. */
  shouldListen: boolean;
  link: 'none' | 'opening' | 'welcomed' | 'closing' | 'waiting';
  /** Number of the newest socket. */
  socket: number;
  /** The current session, or the one that the next connection resumes. */
  sessionId: string | null;
  /**
   * State of the turn in this session; it survives a lost connection. `stopping`: the remaining audio is being
   * delivered, and the server then answers `stop`.
   */
  voice: 'idle' | 'starting' | 'listening' | 'stopping';
  /** The server has confirmed this turn with `listening`: its audio belongs to the session. */
  turnConfirmed: boolean;
  /** The last frame of the turn being delivered has been captured; later frames belong to the next turn. */
  captureEnded: boolean;
  /** Number of ended turns that wait behind the one being delivered. */
  backlog: number;
  /** The microphone being stopped belongs to a turn that will join the backlog. */
  joinsBacklog: boolean;
  /**
   * The microphone being stopped belongs to a turn that could not be delivered; its last samples are kept with that
   * turn.
   */
  keepLastSamples: boolean;
  /** Whether the server has answered recently. A `stale` connection must answer a ping before audio is sent on it. */
  liveness: 'fresh' | 'stale' | 'asked';
  mic: 'off' | 'opening' | 'live' | 'stopping';
  /** Number of the newest microphone. */
  micNumber: number;
  /**
   * The user has paused the turn: sound of this microphone is dropped until the turn goes on. Stays set while the
   * microphone stops, so that its last samples are dropped as well; the next microphone starts unpaused.
   */
  paused: boolean;
  /** The user has muted this microphone: it is recorded as silence. Kept as long as `paused`. */
  muted: boolean;
  /** The last turn ended because it reached the length limit of the settings. */
  limitReached: boolean;
  /** Consecutive failed connections. At `MAX_FAILURES` the breaker opens: one attempt every `BREAKER_MS`. */
  failures: number;
  /** Delay of the pending retry, in ms. */
  retryInMs: number | null;
  /** The server has moved or come back since this socket was opened: if it closes, reconnect without backoff. */
  retryAtOnce: boolean;
  /**
   * When buffered audio lost its connection, in ms of a monotonic clock; null while connected or nothing is buffered.
   */
  offlineSince: number | null;
  /** The resume window is about to end, so this is the last attempt. */
  lastTry: boolean;
  /** When the user last started a turn, in ms of the same clock. */
  pressedAt: number;
  /** Since that press the window has told the user that their audio is kept until there is a connection. */
  audioShownAsKept: boolean;
  /** Connections lost after their welcome, since the press. */
  lostConnections: number;
  /** Sessions resumed since the press. */
  resumes: number;
  /** New sessions that replaced a lost one, since the press. */
  newSessions: number;
  /** A session that contained audio was lost, and no new one has started yet. */
  sessionLost: boolean;
  problem: ProblemCode | null;
}

export const INITIAL_STATE: ConnectionState = {
  shouldListen: false,
  link: 'none',
  socket: 0,
  sessionId: null,
  voice: 'idle',
  turnConfirmed: false,
  captureEnded: false,
  backlog: 0,
  joinsBacklog: false,
  keepLastSamples: false,
  liveness: 'fresh',
  mic: 'off',
  micNumber: 0,
  paused: false,
  muted: false,
  limitReached: false,
  failures: 0,
  retryInMs: null,
  retryAtOnce: false,
  offlineSince: null,
  lastTry: false,
  pressedAt: 0,
  audioShownAsKept: false,
  lostConnections: 0,
  resumes: 0,
  newSessions: 0,
  sessionLost: false,
  problem: null,
};

export type TimerName = 'welcome' | 'answer' | 'pong' | 'idle' | 'close' | 'retry' | 'stable' | 'window';

/** Input of the backoff: `random` in [0, 1) is the jitter, `at` is now, in ms of a monotonic clock. */
export interface Timing {
  random: number;
  at: number;
}

export type ConnectionEvent =
  | { type: 'press'; at: number }
  /** Pauses the turn or continues it. Ignored while no microphone is live for a turn. */
  | { type: 'set_paused'; paused: boolean }
  /** Mutes or unmutes the microphone. Ignored as `set_paused`. */
  | { type: 'set_muted'; muted: boolean }
  /** The turn has reached the length limit of the settings. */
  | { type: 'limit_reached' }
  | { type: 'retry_now' }
  /** The server or the network is back: retry without waiting. */
  | { type: 'retry_hint' }
  /** The machine slept: an open connection may be dead. */
  | { type: 'woke' }
  /** The window closes: stop everything permanently. */
  | { type: 'dispose' }
  /** `isConsistent`: the server's `received_through` is consistent with what was sent. */
  | ({ type: 'welcome'; socket: number; sessionId: string; resumed: boolean; isConsistent: boolean } & Timing)
  | { type: 'voice_state'; socket: number; state: VoiceState }
  | { type: 'pong'; socket: number }
  /** The server has acknowledged audio sent on this connection. */
  | { type: 'progress'; socket: number }
  /** The socket is open but no data gets through. */
  | ({ type: 'frozen'; socket: number } & Timing)
  /** The peer could not prove that it is Earshot. The connection is over. */
  | { type: 'unproven'; socket: number }
  /** The bridge's peer could not prove that it is the host, so the voice server's address is unknown. */
  | { type: 'host_unproven' }
  /** The server sent an inconsistent message. */
  | ({ type: 'protocol_error'; socket: number } & Timing)
  /** `retryAfterMs`: the delay requested by close code 1013. */
  | ({ type: 'closed'; socket: number; code: number; retryAfterMs: number | null } & Timing)
  /** The host reports that the socket was refused because the server is full. */
  | { type: 'server_full'; socket: number }
  /** The socket was refused because the request carried more cookies than Earshot accepts. */
  | { type: 'too_many_cookies'; socket: number }
  | { type: 'mic_live'; mic: number }
  | { type: 'mic_failed'; mic: number; problem: MicProblem }
  /** The device was disconnected while live. */
  | { type: 'mic_ended'; mic: number }
  /** The microphone is off and its last samples have been flushed. */
  | { type: 'mic_stopped'; mic: number }
  | ({ type: 'timer'; timer: TimerName } & Timing);

export type ConnectionEffect =
  /** `resume`: send the session id and the proof of its resume token. */
  | { do: 'open_socket'; socket: number; resume: boolean }
  /** Start the closing handshake; `closed` follows. */
  | { do: 'close_socket'; socket: number; code: number }
  /** Close the socket and ignore its further events, including `closed`. */
  | { do: 'abandon_socket'; socket: number; code: number }
  | { do: 'send_ready'; socket: number; sessionId: string }
  | { do: 'send_ping'; socket: number }
  | { do: 'send_start'; socket: number }
  | { do: 'send_stop'; socket: number }
  | { do: 'open_mic'; mic: number }
  | { do: 'stop_mic'; mic: number }
  /** The session listens: send the buffered audio, then each frame as it arrives. */
  | { do: 'open_audio'; socket: number }
  /** The connection is lost but the session may survive: number and buffer the frames. */
  | { do: 'hold_audio' }
  /** The session was resumed: resend the frames that the server does not hold. */
  | { do: 'resume_audio'; socket: number }
  /** The last frame of the turn has been captured; later frames belong to the next turn. Once per turn. */
  | { do: 'end_capture' }
  /**
   * The session is over; unacknowledged audio is not in its recording. `turnOver`: its turn gets no other session
   * either.
   */
  | { do: 'end_session'; turnOver: boolean }
  /** Give up the ended turns that wait to be delivered. */
  | { do: 'give_up_backlog' }
  /**
   * The turn being captured gets no session. `keep`: offer it to the user as undelivered audio; otherwise discard it.
   */
  | { do: 'drop_audio'; keep: boolean }
  | { do: 'set_timer'; timer: TimerName; ms: number }
  | { do: 'clear_timer'; timer: TimerName };

export interface Step {
  state: ConnectionState;
  effects: ConnectionEffect[];
}

/** Timeout for the answer to `start` and `stop`, in ms; the same as for the welcome. */
export const ANSWER_TIMEOUT_MS = 2_000;
/** A connection idle for this long (ms) is pinged before audio is sent on it. */
export const IDLE_AFTER_MS = 5_000;
/** Timeout for the pong, in ms; the connection is then given up. */
export const PONG_TIMEOUT_MS = 1_000;
/** Timeout for the closing handshake, in ms. On loopback it takes about 1 ms. */
export const CLOSE_TIMEOUT_MS = 1_000;
/** The failure count is reset after this long (ms) connected, or immediately when audio is acknowledged. */
export const STABLE_AFTER_MS = 5_000;
/** Consecutive failures that open the breaker. */
export const MAX_FAILURES = 5;
/** Delay (ms) between attempts while the breaker is open. */
export const BREAKER_MS = 15_000;
/**
 * Maximum retry delay (ms) while an ended turn waits to be delivered; the turn is given up at the end of the resume
 * window.
 */
export const DELIVERY_RETRY_MS = 2_000;
/** The last attempt starts this long (ms) before the end of the resume window: the time that an attempt may take. */
export const LAST_TRY_MS = 2_000;
