import { z } from 'zod';
import { MAX_TURN_SESSIONS, type Unsubscribe } from '../../shared/bridge.ts';
import { SessionId } from '../../shared/protocol.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import type { VoiceStore } from './voice-store.ts';

/** Key of the open turn in the session storage of its window or tab. */
export const OPEN_TURN_KEY = 'earshot.turn';

/** What the next page of this window needs to know about an open turn. It contains no secrets. */
const OpenTurn = z.object({
  /** The turn's sessions, oldest first; empty before the first connection. */
  session_ids: z.array(SessionId).max(MAX_TURN_SESSIONS),
  /** `waiting`: no connection, so audio is in the page only. `stopping`: the last audio is being sent. */
  phase: z.enum(['listening', 'waiting', 'stopping']),
  /** The page ended normally: by a reload, by navigation, or with its tab. Otherwise it crashed. */
  left: z.boolean(),
});
export type OpenTurn = z.infer<typeof OpenTurn>;

/** A window or a fake. Browsers that forbid storage throw on access; the turn is then not stored. */
export interface TurnStorage {
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** @returns the turn that the previous page of this window left open; null if there is none or it is unreadable */
export function readOpenTurn(storage: TurnStorage): OpenTurn | null {
  try {
    return OpenTurn.parse(JSON.parse(storage.sessionStorage.getItem(OPEN_TURN_KEY) ?? 'null'));
  } catch {
    return null;
  }
}

/**
 * The phase of a turn that would lose audio if its page ended.
 * @param isOpen whether the turn was in a phase before
 * @returns null if there is no audio yet or all of it is saved
 */
export function phaseOf(snapshot: VoiceSnapshot, isOpen: boolean): OpenTurn['phase'] | null {
  switch (snapshot.view) {
    case 'listening':
    case 'paused':
      return 'listening';
    case 'connecting':
    case 'reconnecting':
      return snapshot.micLive || isOpen ? 'waiting' : null;
    case 'stopping':
      return isOpen ? endOf(snapshot) : null;
    // A problem is shown at once, even while the last audio is still being sent.
    case 'error':
      return isOpen && (snapshot.sessionId !== null || snapshot.finishing > 0) ? endOf(snapshot) : null;
    case 'idle':
      return null;
  }
}

/** The phase of an ended turn: its last audio is being sent or waits for a connection. */
function endOf({ triesUntil }: VoiceSnapshot): OpenTurn['phase'] {
  return triesUntil === null ? 'stopping' : 'waiting';
}

/** The stored note of this page's turn. */
export interface OpenTurnTracker {
  /** Whether audio would be lost if the page ended. */
  isOpen(): boolean;
  /** The turn's phase; null if no turn is open. */
  phase(): OpenTurn['phase'] | null;
  /** Marks that the page ends normally. Later changes of the client are ignored. */
  leave(): void;
  /** Deletes the previous page's note, but not one of this page's turn. */
  forget(): void;
  dispose: Unsubscribe;
}

/** Stores the open turn, from its first audio until all of it is saved. */
export function trackOpenTurn(voice: VoiceStore, storage: TurnStorage): OpenTurnTracker {
  let turn: OpenTurn | null = null;

  function follow(snapshot: VoiceSnapshot): void {
    const phase = phaseOf(snapshot, turn !== null);
    if (phase === null) {
      if (turn !== null) remove(storage);
      turn = null;
      return;
    }
    const { sessionId } = snapshot;
    const before = turn?.session_ids ?? [];
    const session_ids =
      sessionId === null || before.includes(sessionId) ? before : [...before, sessionId].slice(-MAX_TURN_SESSIONS);
    if (turn?.phase === phase && turn.session_ids === session_ids) return;
    turn = { session_ids, phase, left: false };
    write(storage, turn);
  }

  const dispose = voice.subscribe(follow);
  return {
    isOpen: () => turn !== null,
    phase: () => turn?.phase ?? null,
    leave() {
      dispose();
      if (turn !== null) write(storage, { ...turn, left: true });
    },
    forget() {
      if (turn === null) remove(storage);
    },
    dispose,
  };
}

function write(storage: TurnStorage, turn: OpenTurn): void {
  try {
    storage.sessionStorage.setItem(OPEN_TURN_KEY, JSON.stringify(turn));
  } catch {
    // See TurnStorage.
  }
}

function remove(storage: TurnStorage): void {
  try {
    storage.sessionStorage.removeItem(OPEN_TURN_KEY);
  } catch {
    // See TurnStorage.
  }
}
