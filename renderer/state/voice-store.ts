import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

export interface VoiceState extends VoiceSnapshot {
  /** When the last press that started a turn was seen, in ms since the epoch; null before the first. */
  turnStartedAt: number | null;
  /** Every session this window has had, oldest first. */
  sessions: readonly string[];
}

export interface VoiceStore extends StoreApi<VoiceState> {
  press(): void;
  retryNow(): void;
  /** Stops following the client; the client itself lives on. */
  dispose: Unsubscribe;
}

/** Where the next press starts a turn. `stopping` is one: the turn that finishes there is the former one by then. */
const BETWEEN_TURNS: ReadonlySet<VoiceSnapshot['view']> = new Set(['idle', 'error', 'stopping']);

/** Follows a voice client. Made outside React, so that mounting twice cannot make a second client. */
export function createVoiceStore(client: VoiceClient, now: () => number = Date.now): VoiceStore {
  const store = createStore<VoiceState>(() => advance({ turnStartedAt: null, sessions: [] }, client.snapshot(), now));
  const dispose = client.subscribe(() => store.setState((state) => advance(state, client.snapshot(), now), true));
  return { ...store, press: () => client.press(), retryNow: () => client.retryNow(), dispose };
}

/** What a new snapshot makes of the memory of turns and sessions. */
function advance(
  before: Pick<VoiceState, 'turnStartedAt' | 'sessions'> & { view?: VoiceState['view'] },
  snapshot: VoiceSnapshot,
  now: () => number,
): VoiceState {
  const starts = BETWEEN_TURNS.has(before.view ?? 'idle') && !BETWEEN_TURNS.has(snapshot.view);
  const { sessionId } = snapshot;
  const known = sessionId === null || before.sessions.includes(sessionId);
  return {
    ...snapshot,
    turnStartedAt: starts ? now() : before.turnStartedAt,
    sessions: known ? before.sessions : [...before.sessions, sessionId],
  };
}
