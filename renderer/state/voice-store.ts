import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

export interface VoiceState extends VoiceSnapshot {
  /** Number of the current or last turn in this window, from 1; 0 before the first. */
  turn: number;
  /** That turn's sessions, oldest first: several if the connection came back as a new session. */
  turnSessions: readonly string[];
  /** All sessions of this window, oldest first. */
  sessions: readonly string[];
}

export interface VoiceStore extends StoreApi<VoiceState> {
  press(): void;
  retryNow(): void;
  /** Stops following the client, but does not dispose it. */
  dispose: Unsubscribe;
}

/**
 * Views in which a turn is active: the microphone is open or being opened, and a press ends the turn. In all other
 * views, `stopping` included, a press starts the next turn.
 */
export const ACTIVE_VIEWS: ReadonlySet<VoiceSnapshot['view']> = new Set([
  'connecting',
  'listening',
  'paused',
  'reconnecting',
]);

/** Whether sound in the room may be recorded: from the press until the microphone is closed. */
export function isMicOn({ view, micLive }: Pick<VoiceSnapshot, 'view' | 'micLive'>): boolean {
  return ACTIVE_VIEWS.has(view) || micLive;
}

/** Whether ended turns wait for a connection. With a connection, the last words take too little time to mention. */
export function isWaitingToFinish({ view, triesUntil }: Pick<VoiceSnapshot, 'view' | 'triesUntil'>): boolean {
  return view === 'stopping' && triesUntil !== null;
}

type Memory = Pick<VoiceState, 'turn' | 'turnSessions' | 'sessions'> & { view?: VoiceState['view'] };

/** Follows a voice client. */
export function createVoiceStore(client: VoiceClient): VoiceStore {
  const store = createStore<VoiceState>(() => advance({ turn: 0, turnSessions: [], sessions: [] }, client.snapshot()));
  const dispose = client.subscribe(() => store.setState((state) => advance(state, client.snapshot()), true));
  return { ...store, press: () => client.press(), retryNow: () => client.retryNow(), dispose };
}

/** Updates turns and sessions with a new snapshot. A session belongs to one turn only. */
function advance(before: Memory, snapshot: VoiceSnapshot): VoiceState {
  const starts = !ACTIVE_VIEWS.has(before.view ?? 'idle') && ACTIVE_VIEWS.has(snapshot.view);
  const { sessionId } = snapshot;
  const known = sessionId === null || before.sessions.includes(sessionId);
  const turnSessions = starts ? [] : before.turnSessions;
  // An earlier turn may get its session while a later one is active or waiting.
  const isOfThisTurn = snapshot.turnsWaiting === 0;
  return {
    ...snapshot,
    turn: starts ? before.turn + 1 : before.turn,
    turnSessions: known || !isOfThisTurn ? turnSessions : [...turnSessions, sessionId],
    sessions: known ? before.sessions : [...before.sessions, sessionId],
  };
}
