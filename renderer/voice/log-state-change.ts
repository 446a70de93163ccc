import type { Log } from '../../shared/log-event.ts';
import { viewOf } from '../connection/connection-state.ts';
import type { ConnectionState } from '../connection/connection-types.ts';
import { en } from '../text/en.ts';

/**
 * Logs what changed in the connection's state: a new or resumed session, what the user sees, and a new problem.
 * @param heldThrough last seq that the server held at its last welcome
 */
export function logStateChange(log: Log, before: ConnectionState, state: ConnectionState, heldThrough: number): void {
  const session = state.sessionId ?? '';
  if (state.resumes > before.resumes) log('WS_RESUMED', { session, held_through: heldThrough });
  else if (session && session !== before.sessionId) log('WS_CONNECTED', { session });
  const view = viewOf(state);
  if (view !== viewOf(before)) log('VOICE_CHANGED', { state: view });
  if (state.problem !== null && state.problem !== before.problem) {
    const event = state.problem.startsWith('mic_') ? 'MIC_FAILED' : 'ERROR';
    log(event, { type: state.problem, detail: en.problems[state.problem].title });
  }
}
