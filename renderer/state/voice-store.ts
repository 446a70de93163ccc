import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

export interface VoiceState extends VoiceSnapshot {
  /** Which turn of this window the last press began, from 1; 0 before the first. */
  turn: number;
  /** Every session of that turn, oldest first: more than one where a broken connection came back as a new session. */
  turnSessions: readonly string[];
  /** Every session this window has had, oldest first. */
  sessions: readonly string[];
}

export interface VoiceStore extends StoreApi<VoiceState> {
  press(): void;
  retryNow(): void;
  /** Stops following the client; the client itself lives on. */
  dispose: Unsubscribe;
}

/**
 * Where a turn is wanted: the microphone is open or about to be, and a press ends it. In every other state the next press starts
 * a turn, also in `stopping`: the turn that finishes there is the former one by then.
 */
export const WANTED: ReadonlySet<VoiceSnapshot['view']> = new Set(['connecting', 'listening', 'reconnecting']);

/** Whether what sounds in the room may be recorded: from the press on until the microphone has been let go. */
export function isMicOn({ view, hearing }: Pick<VoiceSnapshot, 'view' | 'hearing'>): boolean {
  return WANTED.has(view) || hearing;
}

type Memory = Pick<VoiceState, 'turn' | 'turnSessions' | 'sessions'> & { view?: VoiceState['view'] };

/** Follows a voice client. Made outside React, so that mounting twice cannot make a second client. */
export function createVoiceStore(client: VoiceClient): VoiceStore {
  const store = createStore<VoiceState>(() => advance({ turn: 0, turnSessions: [], sessions: [] }, client.snapshot()));
  const dispose = client.subscribe(() => store.setState((state) => advance(state, client.snapshot()), true));
  return { ...store, press: () => client.press(), retryNow: () => client.retryNow(), dispose };
}

/** What a new snapshot makes of the memory of turns and sessions. A session never belongs to two turns. */
function advance(before: Memory, snapshot: VoiceSnapshot): VoiceState {
  const starts = !WANTED.has(before.view ?? 'idle') && WANTED.has(snapshot.view);
  const { sessionId } = snapshot;
  const known = sessionId === null || before.sessions.includes(sessionId);
  const turnSessions = starts ? [] : before.turnSessions;
  // A former turn may get its session while a later one is spoken, or waits behind it.
  const isOfThisTurn = snapshot.turnsBehind === 0;
  return {
    ...snapshot,
    turn: starts ? before.turn + 1 : before.turn,
    turnSessions: known || !isOfThisTurn ? turnSessions : [...turnSessions, sessionId],
    sessions: known ? before.sessions : [...before.sessions, sessionId],
  };
}
