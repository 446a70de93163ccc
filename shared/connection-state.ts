import { backoffMs } from './backoff.ts';
import type { MicProblem, ProblemCode } from './problems.ts';
import { CLOSE, type VoiceState, WELCOME_TIMEOUT_MS } from './protocol.ts';

/**
 * The client's state machine: a pure reducer. The driver in `renderer/voice/client.ts` carries out its effects and
 * feeds it what happens. Sockets and microphones have numbers, so that what a former one says changes nothing.
 *
 *   none ─press─> opening ─welcome─> welcomed ─press─> closing ─closed─> none
 *                    │                   │
 *                    └──────lost─────────┴──> waiting ─retry─> opening
 */
export interface ConnectionState {
  /** The last press asked for listening. */
  wanted: boolean;
  link: 'none' | 'opening' | 'welcomed' | 'closing' | 'waiting';
  /** Number of the newest socket. */
  socket: number;
  sessionId: string | null;
  /** What was agreed in this session. `stopping`: the last words are being flushed, then `stop` is answered. */
  voice: 'idle' | 'starting' | 'listening' | 'stopping';
  mic: 'off' | 'opening' | 'live' | 'stopping';
  /** Number of the newest microphone. */
  micNumber: number;
  /** Failed connections in a row. */
  failures: number;
  /** The delay of the retry that is being waited for, in ms. */
  retryInMs: number | null;
  /** A session of this press has been lost: what follows is a reconnect. */
  broken: number;
  problem: ProblemCode | null;
}

export const INITIAL_STATE: ConnectionState = {
  wanted: false,
  link: 'none',
  socket: 0,
  sessionId: null,
  voice: 'idle',
  mic: 'off',
  micNumber: 0,
  failures: 0,
  retryInMs: null,
  broken: 0,
  problem: null,
};

export type TimerName = 'welcome' | 'answer' | 'close' | 'retry' | 'stable';

export type ConnectionEvent =
  | { type: 'press' }
  | { type: 'retry_now' }
  /** The window is going away: stop everything, now and for good. */
  | { type: 'dispose' }
  | { type: 'welcome'; socket: number; sessionId: string }
  | { type: 'voice_state'; socket: number; state: VoiceState }
  /** `random` in [0, 1) jitters the backoff; `retryAfterMs` is what a 1013 asked for. */
  | { type: 'closed'; socket: number; code: number; random: number; retryAfterMs: number | null }
  /** The host says why a socket was refused: the server is full. */
  | { type: 'server_full'; socket: number }
  | { type: 'mic_live'; mic: number }
  | { type: 'mic_failed'; mic: number; problem: MicProblem }
  /** The device went away while it was live. */
  | { type: 'mic_ended'; mic: number }
  /** The microphone is off, its last samples flushed. */
  | { type: 'mic_stopped'; mic: number }
  | { type: 'timer'; timer: TimerName; random: number };

export type ConnectionEffect =
  | { do: 'open_socket'; socket: number }
  /** Ask for the closing handshake; `closed` follows. */
  | { do: 'close_socket'; socket: number; code: number }
  /** Take no further notice of this socket: its `closed` will not come, or comes too late. */
  | { do: 'abandon_socket'; socket: number; code: number }
  | { do: 'send_ready'; socket: number; sessionId: string }
  | { do: 'send_start'; socket: number }
  | { do: 'send_stop'; socket: number }
  | { do: 'open_mic'; mic: number }
  | { do: 'stop_mic'; mic: number }
  /** The session is over: audio sent and not acknowledged is lost. */
  | { do: 'end_session' }
  /** Nobody wants it any more: audio that was captured and not sent is dropped. */
  | { do: 'drop_audio' }
  | { do: 'set_timer'; timer: TimerName; ms: number }
  | { do: 'clear_timer'; timer: TimerName };

export interface Step {
  state: ConnectionState;
  effects: ConnectionEffect[];
}

/** How long `start` and `stop` may stay unanswered, in ms: as long as a welcome. */
export const ANSWER_TIMEOUT_MS = 2_000;
/** How long a closing handshake may take, in ms, before a socket is left to itself: on loopback it takes one. */
export const CLOSE_TIMEOUT_MS = 1_000;
/** Connected for this long (ms), and former failures are forgotten. */
export const STABLE_AFTER_MS = 5_000;
/** Failures in a row after which the person is told instead of trying on. */
export const MAX_FAILURES = 5;

/** Close codes after which trying again would be wrong, with what to tell the person. */
const FINAL: Readonly<Record<number, ProblemCode>> = {
  [CLOSE.policy]: 'refused_policy',
  [CLOSE.tooLarge]: 'refused_size',
  [CLOSE.takenOver]: 'taken_over',
};

/** Collects the effects of one event while the state changes; the result is a new state. */
class Draft {
  readonly effects: ConnectionEffect[] = [];
  constructor(public state: ConnectionState) {}

  set(change: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...change };
  }
  run(...effects: ConnectionEffect[]): void {
    this.effects.push(...effects);
  }
  setTimer(timer: TimerName, ms: number): void {
    this.run({ do: 'set_timer', timer, ms });
  }
  clear(...timers: TimerName[]): void {
    for (const timer of timers) this.run({ do: 'clear_timer', timer });
  }
}

/** What happens next, and what is to be done about it. Pure: the same state and event give the same step. */
export function reduce(state: ConnectionState, event: ConnectionEvent): Step {
  const draft = new Draft(state);
  handle(draft, event);
  return { state: draft.state, effects: draft.effects };
}

function handle(draft: Draft, event: ConnectionEvent): void {
  const { state } = draft;
  switch (event.type) {
    case 'press':
      return state.wanted ? stop(draft, null) : begin(draft);
    case 'retry_now':
      if (state.link === 'waiting') openLink(draft);
      return;
    case 'dispose':
      return dispose(draft);
    case 'welcome':
      return welcome(draft, event.socket, event.sessionId);
    case 'voice_state':
      if (event.socket === state.socket && state.link === 'welcomed') voiceState(draft, event.state);
      return;
    case 'closed':
      return closed(draft, event);
    case 'server_full':
      if (event.socket === state.socket && state.link === 'waiting') stop(draft, 'server_full');
      return;
    case 'mic_live':
      if (event.mic !== state.micNumber || state.mic !== 'opening') return;
      draft.set({ mic: 'live' });
      return start(draft);
    case 'mic_failed':
      if (event.mic !== state.micNumber || state.mic === 'off') return;
      draft.set({ mic: 'off' });
      if (state.mic === 'stopping') return micStopped(draft);
      return stop(draft, event.problem);
    case 'mic_ended':
      if (event.mic === state.micNumber && state.mic === 'live') stop(draft, 'mic_unplugged');
      return;
    case 'mic_stopped':
      if (event.mic !== state.micNumber || state.mic !== 'stopping') return;
      draft.set({ mic: 'off' });
      return micStopped(draft);
    case 'timer':
      return timer(draft, event.timer, event.random);
  }
}

/** A press that wants to listen. The microphone and the socket are opened side by side, in this very step. */
function begin(draft: Draft): void {
  draft.set({ wanted: true, problem: null, failures: 0, broken: 0 });
  // While the former session closes, or the former microphone is flushed, the new one waits its turn.
  if (draft.state.link === 'none') openLink(draft);
  if (draft.state.link === 'opening' && draft.state.mic === 'off') openMic(draft);
}

function openLink(draft: Draft): void {
  const socket = draft.state.socket + 1;
  draft.set({ link: 'opening', socket, sessionId: null, voice: 'idle', retryInMs: null });
  draft.clear('retry');
  draft.run({ do: 'open_socket', socket });
  draft.setTimer('welcome', WELCOME_TIMEOUT_MS);
}

function openMic(draft: Draft): void {
  const mic = draft.state.micNumber + 1;
  draft.set({ mic: 'opening', micNumber: mic });
  draft.run({ do: 'open_mic', mic });
}

/** Nothing is wanted any more: by a press (`problem` null), or because of a problem that the person is told. */
function stop(draft: Draft, problem: ProblemCode | null): void {
  const { state } = draft;
  draft.set({ wanted: false, problem });
  switch (state.link) {
    case 'opening':
      closeLink(draft);
      break;
    case 'welcomed':
      if (state.voice === 'starting' || state.voice === 'listening') {
        draft.clear('answer');
        draft.set({ voice: 'stopping' });
        // A live microphone is flushed first; one that has gone has nothing more to say.
        if (draft.state.mic === 'off') sendStop(draft);
      } else if (state.voice === 'idle') {
        closeLink(draft);
      }
      break;
    case 'waiting':
      draft.set({ link: 'none', retryInMs: null });
      draft.clear('retry');
      break;
  }
  stopMic(draft);
  if (draft.state.voice !== 'stopping') draft.run({ do: 'drop_audio' });
}

function stopMic(draft: Draft): void {
  const { mic, micNumber } = draft.state;
  if (mic === 'off' || mic === 'stopping') return;
  draft.set({ mic: 'stopping' });
  draft.run({ do: 'stop_mic', mic: micNumber });
}

function sendStop(draft: Draft): void {
  draft.run({ do: 'send_stop', socket: draft.state.socket });
  draft.setTimer('answer', ANSWER_TIMEOUT_MS);
}

function closeLink(draft: Draft): void {
  draft.clear('welcome', 'answer', 'stable');
  draft.set({ link: 'closing' });
  draft.run({ do: 'close_socket', socket: draft.state.socket, code: CLOSE.done });
  draft.setTimer('close', CLOSE_TIMEOUT_MS);
}

function welcome(draft: Draft, socket: number, sessionId: string): void {
  const { state } = draft;
  if (socket !== state.socket) return;
  if (state.link === 'opening') {
    draft.clear('welcome');
    draft.set({ link: 'welcomed', sessionId, voice: 'idle' });
    draft.run({ do: 'send_ready', socket, sessionId });
    draft.setTimer('stable', STABLE_AFTER_MS);
    start(draft);
  } else if (state.link === 'welcomed' && state.sessionId === sessionId) {
    // A second copy: the server has not heard our `ready` yet. It changes nothing else.
    draft.run({ do: 'send_ready', socket, sessionId });
  }
}

/** Once both the welcome and the microphone are there. */
function start(draft: Draft): void {
  const { wanted, link, voice, mic, socket } = draft.state;
  if (!wanted || link !== 'welcomed' || voice !== 'idle' || mic !== 'live') return;
  draft.set({ voice: 'starting' });
  draft.run({ do: 'send_start', socket });
  draft.setTimer('answer', ANSWER_TIMEOUT_MS);
}

function voiceState(draft: Draft, answer: VoiceState): void {
  const { voice } = draft.state;
  if (answer === 'listening' && voice === 'starting') {
    draft.clear('answer');
    draft.set({ voice: 'listening' });
  } else if (answer === 'idle' && voice === 'stopping' && draft.state.mic === 'off') {
    draft.set({ voice: 'idle' });
    closeLink(draft);
  }
}

function micStopped(draft: Draft): void {
  const { wanted, link, voice } = draft.state;
  if (link === 'welcomed' && voice === 'stopping') return sendStop(draft);
  // The last samples belonged to a turn that is over: none of them may begin the next one.
  draft.run({ do: 'drop_audio' });
  if (wanted && link !== 'closing' && link !== 'none') openMic(draft);
}

function closed(draft: Draft, event: Extract<ConnectionEvent, { type: 'closed' }>): void {
  const { state } = draft;
  if (event.socket !== state.socket || state.link === 'none' || state.link === 'waiting') return;
  // A session that was being ended has ended; what is wanted by now is the next one.
  if (state.link === 'closing' || state.voice === 'stopping' || !state.wanted) return linkGone(draft);
  const final = FINAL[event.code];
  if (final || event.code === CLOSE.done) {
    forgetLink(draft, 'none');
    draft.set({ voice: 'idle' });
    return stop(draft, final ?? null);
  }
  const atOnce = event.code === CLOSE.goingAway || event.code === CLOSE.nothingToResume;
  lost(draft, event.random, atOnce, event.retryAfterMs);
}

/** The socket has gone as it should, or nobody minds. */
function linkGone(draft: Draft): void {
  forgetLink(draft, 'none');
  if (draft.state.voice === 'stopping') stopMic(draft);
  draft.set({ voice: 'idle' });
  if (!draft.state.wanted) {
    draft.run({ do: 'drop_audio' });
    return;
  }
  // A press while it was closing.
  openLink(draft);
  if (draft.state.mic === 'off') openMic(draft);
}

function forgetLink(draft: Draft, link: 'none' | 'waiting'): void {
  draft.clear('welcome', 'answer', 'close', 'stable');
  draft.run({ do: 'end_session' });
  draft.set({ link, sessionId: null });
}

/** The socket has gone although it is wanted: wait, then try again; the microphone stays on meanwhile. */
function lost(draft: Draft, random: number, atOnce: boolean, retryAfterMs: number | null): void {
  const { sessionId, failures, broken } = draft.state;
  forgetLink(draft, 'waiting');
  draft.set({ voice: 'idle', failures: failures + 1, broken: sessionId === null ? broken : broken + 1 });
  if (draft.state.failures >= MAX_FAILURES) return stop(draft, 'server_gone');
  // At once only for a session that stood: a server that refuses everybody with 1001 must not be hammered.
  const backoff = atOnce && sessionId !== null ? 0 : backoffMs(failures, random);
  const ms = Math.max(backoff, retryAfterMs ?? 0);
  draft.set({ retryInMs: ms });
  draft.setTimer('retry', ms);
}

function timer(draft: Draft, name: TimerName, random: number): void {
  const { state } = draft;
  const abandon = (code: number) => draft.run({ do: 'abandon_socket', socket: state.socket, code });
  if (name === 'stable' && state.link === 'welcomed') draft.set({ failures: 0 });
  if (name === 'retry' && state.link === 'waiting') openLink(draft);
  if (name === 'welcome' && state.link === 'opening') {
    abandon(CLOSE.welcomeUnacknowledged);
    lost(draft, random, false, null);
  }
  if (name === 'answer' && state.link === 'welcomed') {
    // An open socket that answers nothing is no connection.
    if (state.voice === 'stopping') return closeLink(draft);
    abandon(CLOSE.welcomeUnacknowledged);
    lost(draft, random, false, null);
  }
  if (name === 'close' && state.link === 'closing') {
    abandon(CLOSE.done);
    linkGone(draft);
  }
}

function dispose(draft: Draft): void {
  const { link, socket } = draft.state;
  draft.set({ wanted: false });
  if (link !== 'none' && link !== 'waiting') draft.run({ do: 'abandon_socket', socket, code: CLOSE.done });
  forgetLink(draft, 'none');
  draft.clear('retry');
  stopMic(draft);
  draft.set({ voice: 'idle', retryInMs: null });
  draft.run({ do: 'drop_audio' });
}

/** What a person can tell apart at a glance. */
export type VoiceView = 'idle' | 'connecting' | 'listening' | 'reconnecting' | 'stopping' | 'error';

/** The picture of a state. Connected means that the welcome was heard; listening, that the server said so. */
export function viewOf(state: ConnectionState): VoiceView {
  if (!state.wanted) {
    if (state.problem !== null) return 'error';
    return state.link === 'none' ? 'idle' : 'stopping';
  }
  if (state.link === 'welcomed' && state.voice === 'listening') return 'listening';
  return state.failures > 0 || state.broken > 0 ? 'reconnecting' : 'connecting';
}
