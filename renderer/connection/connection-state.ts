import { CLOSE } from '../../shared/protocol.ts';
import { closed, frozen, protocolError, timer, unproven, welcome } from './connection-link.ts';
import { begin, fail, isKept, microphoneLost, start, stop, voiceState } from './connection-turn.ts';
import {
  type ConnectionEvent,
  type ConnectionState,
  IDLE_AFTER_MS,
  MAX_FAILURES,
  type Step,
} from './connection-types.ts';
import { Transition } from './transition.ts';

export { INITIAL_STATE } from './connection-types.ts';

/**
 * The client's state machine: a pure reducer. The driver in `renderer/voice/client.ts` carries out its effects and feeds it
 * what happens. A lost connection keeps its session, until the server says that it has none:
 *
 *   none ─press─> opening ─welcome─> welcomed ─press─> (last words, stop) ─> closing ─closed─> none
 *                  │   ▲                │
 *                  │   └─retry─ waiting <──lost
 *                  └──lost────────^
 *
 * `connection-turn.ts` decides what is said in a session, `connection-link.ts` what becomes of connections.
 */
export function reduce(state: ConnectionState, event: ConnectionEvent): Step {
  const draft = new Transition(state);
  handle(draft, event);
  // What was promised once is held, also when the connection is back.
  if (isKept(draft.state) && !draft.state.promised) draft.set({ promised: true });
  return { state: draft.state, effects: draft.effects };
}

function handle(draft: Transition, event: ConnectionEvent): void {
  const { state } = draft;
  const isCurrent = 'socket' in event && event.socket === state.socket;
  switch (event.type) {
    case 'press':
      return state.wanted ? stop(draft, null) : begin(draft, event.at);
    case 'retry_now':
      if (state.link === 'waiting') draft.openLink();
      return;
    case 'nudge':
      if (state.link === 'waiting') draft.openLink();
      else if (state.link === 'opening' || state.link === 'welcomed') draft.set({ nudged: true });
      return;
    case 'woke':
      if (state.link === 'waiting') draft.openLink();
      if (state.link === 'welcomed' && state.pulse !== 'asked') draft.ping();
      return;
    case 'dispose':
      return dispose(draft);
    case 'welcome':
      return welcome(draft, event);
    case 'voice_state':
      if (isCurrent && state.link === 'welcomed') voiceState(draft, event.state);
      return;
    case 'pong':
      if (isCurrent && state.link === 'welcomed' && state.pulse === 'asked') heard(draft);
      return;
    case 'progress':
      if (!isCurrent || state.link !== 'welcomed') return;
      draft.endOutage();
      if (state.failures > 0) draft.set({ failures: 0 });
      return;
    case 'frozen':
      if (isCurrent && state.link === 'welcomed') frozen(draft, event);
      return;
    case 'protocol_error':
      if (isCurrent && state.link === 'welcomed') protocolError(draft, event);
      return;
    case 'unproven':
      if (isCurrent && state.link === 'opening') unproven(draft);
      return;
    case 'host_unproven':
      // A connection that stands has proven itself, and one that is being opened will or won't.
      if (state.link === 'waiting') unproven(draft);
      return;
    case 'closed':
      return closed(draft, event);
    case 'server_full':
    case 'too_many_cookies':
      // A session that stands, and a turn that has ended, have words to deliver, and go on trying.
      if (!isCurrent || state.link !== 'waiting' || state.sessionId !== null || state.voice === 'stopping') return;
      return fail(draft, event.type);
    case 'mic_live':
      if (event.mic !== state.micNumber || state.mic !== 'opening') return;
      draft.set({ mic: 'live' });
      return start(draft);
    case 'mic_failed':
      if (event.mic !== state.micNumber || state.mic === 'off') return;
      if (state.mic === 'stopping') return microphoneLost(draft);
      draft.set({ mic: 'off' });
      return stop(draft, event.problem);
    case 'mic_ended':
      if (event.mic === state.micNumber && state.mic === 'live') stop(draft, 'mic_unplugged');
      return;
    case 'mic_stopped':
      if (event.mic === state.micNumber && state.mic === 'stopping') microphoneLost(draft);
      return;
    case 'timer':
      return timer(draft, event.timer, event);
  }
}

/** The connection has answered: it is alive. */
function heard(draft: Transition): void {
  draft.clear('pong');
  draft.set({ pulse: 'fresh' });
  start(draft);
  if (draft.state.voice === 'idle') draft.setTimer('idle', IDLE_AFTER_MS);
}

function dispose(draft: Transition): void {
  const { link, backlog } = draft.state;
  draft.set({ wanted: false });
  if (link !== 'none' && link !== 'waiting') draft.abandon(CLOSE.done);
  // Before the turn in front of them is over as well.
  if (backlog > 0) draft.run({ do: 'give_up_backlog' });
  draft.leave(true);
  draft.stopMic();
  draft.set({ backlog: 0, queued: false, salvage: false });
  draft.run({ do: 'drop_audio', keep: false });
}

/** What a person can tell apart at a glance. */
export type VoiceView = 'idle' | 'connecting' | 'listening' | 'reconnecting' | 'stopping' | 'error';

/** The picture of a state. Connected means that the welcome was heard; listening, that the server said so. */
export function viewOf(state: ConnectionState): VoiceView {
  if (!state.wanted) {
    if (state.problem !== null) return 'error';
    return state.link === 'none' && !state.queued ? 'idle' : 'stopping';
  }
  if (state.link === 'welcomed' && state.voice === 'listening') return 'listening';
  return isKept(state) ? 'reconnecting' : 'connecting';
}

/** So many tries failed in a row that only one is made every `BREAKER_MS`. */
export function isBreakerOpen({ wanted, link, voice, failures }: ConnectionState): boolean {
  return wanted && voice !== 'stopping' && (link === 'waiting' || link === 'opening') && failures >= MAX_FAILURES;
}
