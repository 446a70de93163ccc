import { CLOSE } from '../../shared/protocol.ts';
import { onClosed, onFrozen, onProtocolError, onTimer, onUnproven, onWelcome } from './connection-link.ts';
import {
  beginTurn,
  failTurn,
  isAudioShownAsKept,
  isCapturing,
  onMicrophoneOff,
  onVoiceState,
  sendStartIfReady,
  setPaused,
  stopTurn,
} from './connection-turn.ts';
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
 * The client's state machine, as a pure reducer. The driver in `renderer/voice/client.ts` runs the effects and
 * dispatches the events. A session survives a lost connection until the server reports that it no longer has it:
 *
 *   none ─press─> opening ─welcome─> welcomed ─press─> (deliver, stop) ─> closing ─closed─> none
 *                  │   ▲                │
 *                  │   └─retry─ waiting <──lost
 *                  └──lost────────^
 *
 * `connection-turn.ts` handles turns within a session, `connection-link.ts` opens, loses and resumes connections.
 */
export function reduce(state: ConnectionState, event: ConnectionEvent): Step {
  const transition = new Transition(state);
  handle(transition, event);
  // Once the window has shown that audio is kept, this stays true after the reconnect.
  if (isAudioShownAsKept(transition.state) && !transition.state.audioShownAsKept)
    transition.set({ audioShownAsKept: true });
  return { state: transition.state, effects: transition.effects };
}

function handle(transition: Transition, event: ConnectionEvent): void {
  const { state } = transition;
  const isCurrent = 'socket' in event && event.socket === state.socket;
  switch (event.type) {
    case 'press':
      return state.shouldListen ? stopTurn(transition, null) : beginTurn(transition, event.at);
    case 'set_paused':
      return setPaused(transition, event.paused);
    case 'set_muted':
      if (isCapturing(state)) transition.set({ muted: event.muted });
      return;
    case 'limit_reached':
      if (!state.shouldListen) return;
      stopTurn(transition, null);
      return transition.set({ limitReached: true });
    case 'retry_now':
      if (state.link === 'waiting') transition.openLink();
      return;
    case 'retry_hint':
      if (state.link === 'waiting') transition.openLink();
      else if (state.link === 'opening' || state.link === 'welcomed') transition.set({ retryAtOnce: true });
      return;
    case 'woke':
      if (state.link === 'waiting') transition.openLink();
      if (state.link === 'welcomed' && state.liveness !== 'asked') transition.ping();
      return;
    case 'dispose':
      return dispose(transition);
    case 'welcome':
      return onWelcome(transition, event);
    case 'voice_state':
      if (isCurrent && state.link === 'welcomed') onVoiceState(transition, event.state);
      return;
    case 'pong':
      if (isCurrent && state.link === 'welcomed' && state.liveness === 'asked') onPong(transition);
      return;
    case 'progress':
      if (!isCurrent || state.link !== 'welcomed') return;
      transition.endOutage();
      if (state.failures > 0) transition.set({ failures: 0 });
      return;
    case 'frozen':
      if (isCurrent && state.link === 'welcomed') onFrozen(transition, event);
      return;
    case 'protocol_error':
      if (isCurrent && state.link === 'welcomed') onProtocolError(transition, event);
      return;
    case 'unproven':
      if (isCurrent && state.link === 'opening') onUnproven(transition);
      return;
    case 'host_unproven':
      // A welcomed connection has proven itself; an opening one still has to.
      if (state.link === 'waiting') onUnproven(transition);
      return;
    case 'closed':
      return onClosed(transition, event);
    case 'server_full':
    case 'too_many_cookies':
      // An existing session or an ended turn has audio to deliver, so keep retrying.
      if (!isCurrent || state.link !== 'waiting' || state.sessionId !== null || state.voice === 'stopping') return;
      return failTurn(transition, event.type);
    case 'mic_live':
      if (event.mic !== state.micNumber || state.mic !== 'opening') return;
      transition.set({ mic: 'live' });
      return sendStartIfReady(transition);
    case 'mic_failed':
      if (event.mic !== state.micNumber || state.mic === 'off') return;
      if (state.mic === 'stopping') return onMicrophoneOff(transition);
      transition.set({ mic: 'off' });
      return stopTurn(transition, event.problem);
    case 'mic_ended':
      if (event.mic === state.micNumber && state.mic === 'live') stopTurn(transition, 'mic_unplugged');
      return;
    case 'mic_stopped':
      if (event.mic === state.micNumber && state.mic === 'stopping') onMicrophoneOff(transition);
      return;
    case 'timer':
      return onTimer(transition, event.timer, event);
  }
}

/** The pong arrived: the connection is alive. */
function onPong(transition: Transition): void {
  transition.clear('pong');
  transition.set({ liveness: 'fresh' });
  sendStartIfReady(transition);
  if (transition.state.voice === 'idle') transition.setTimer('idle', IDLE_AFTER_MS);
}

function dispose(transition: Transition): void {
  const { link, backlog } = transition.state;
  transition.set({ shouldListen: false });
  if (link !== 'none' && link !== 'waiting') transition.abandon(CLOSE.done);
  // Must precede the end of the turn in front of the backlog.
  if (backlog > 0) transition.run({ do: 'give_up_backlog' });
  transition.endLinkAndSession(true);
  transition.stopMic();
  transition.set({ backlog: 0, joinsBacklog: false, keepLastSamples: false });
  transition.run({ do: 'drop_audio', keep: false });
}

/** The state as the window shows it. */
export type VoiceView = 'idle' | 'connecting' | 'listening' | 'paused' | 'reconnecting' | 'stopping' | 'error';

/** Maps the state to its view. `listening` and `paused` require the server's confirmation. */
export function viewOf(state: ConnectionState): VoiceView {
  if (!state.shouldListen) {
    if (state.problem !== null) return 'error';
    return state.link === 'none' && !state.joinsBacklog ? 'idle' : 'stopping';
  }
  if (state.link === 'welcomed' && state.voice === 'listening') return state.paused ? 'paused' : 'listening';
  return isAudioShownAsKept(state) ? 'reconnecting' : 'connecting';
}

/** Whether so many attempts failed in a row that only one is made every `BREAKER_MS`. */
export function isBreakerOpen({ shouldListen, link, voice, failures }: ConnectionState): boolean {
  return shouldListen && voice !== 'stopping' && (link === 'waiting' || link === 'opening') && failures >= MAX_FAILURES;
}
