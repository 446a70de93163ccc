import { z } from 'zod';
import { MAX_TURN_SESSIONS, type Unsubscribe } from '../../shared/bridge.ts';
import { SessionId } from '../../shared/protocol.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import type { VoiceStore } from './voice-store.ts';

/** The name under which a turn that is open is noted in the session storage of its window or tab. */
export const OPEN_TURN_KEY = 'earshot.turn';

/** What the next page of this window needs to know of a turn that this page may not live to end. Nothing in it is secret. */
const OpenTurn = z.object({
  /** Every session of the turn, oldest first; none where the first connection has not come about yet. */
  session_ids: z.array(SessionId).max(MAX_TURN_SESSIONS),
  /** `waiting`: there is no connection, and what is said is in the page alone. `stopping`: the last words are delivered. */
  phase: z.enum(['listening', 'waiting', 'stopping']),
  /** The page went away in good order: by a reload, a click on Back, or with its tab. Else it crashed. */
  left: z.boolean(),
});
export type OpenTurn = z.infer<typeof OpenTurn>;

/** A window or a stand-in for it. A browser that forbids storage throws when it is looked at: all goes on without the note. */
export interface TurnStorage {
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** @returns the turn that the former page of this window left open; null where there is none, or none that can be read */
export function readOpenTurn(place: TurnStorage): OpenTurn | null {
  try {
    return OpenTurn.parse(JSON.parse(place.sessionStorage.getItem(OPEN_TURN_KEY) ?? 'null'));
  } catch {
    return null;
  }
}

/**
 * Where a turn stands that may lose words if its page goes away.
 * @param isOpen whether it stood anywhere before
 * @returns null: nothing has been said yet, or all of it is saved
 */
export function phaseOf(snapshot: VoiceSnapshot, isOpen: boolean): OpenTurn['phase'] | null {
  switch (snapshot.view) {
    case 'listening':
      return 'listening';
    case 'connecting':
    case 'reconnecting':
      return snapshot.hearing || isOpen ? 'waiting' : null;
    case 'stopping':
      return isOpen ? endOf(snapshot) : null;
    // A problem is shown at once, while the last words may still be on their way.
    case 'error':
      return isOpen && (snapshot.sessionId !== null || snapshot.finishing > 0) ? endOf(snapshot) : null;
    case 'idle':
      return null;
  }
}

/** A turn that has ended: its last words are on their way, or wait for a connection in the page alone. */
function endOf({ triesUntil }: VoiceSnapshot): OpenTurn['phase'] {
  return triesUntil === null ? 'stopping' : 'waiting';
}

/** The note of the turn that this page is in. */
export interface OpenTurnNote {
  /** Whether there are words that may be lost if the page goes away. */
  isOpen(): boolean;
  /** Where it stands; null: none is open. */
  phase(): OpenTurn['phase'] | null;
  /** The page goes away in good order: the note stays as it is, whatever the client says while it is put away. */
  leave(): void;
  /** Takes the former page's note away; one of this page's own turn stays. */
  forget(): void;
  dispose: Unsubscribe;
}

/** Keeps a note of the open turn, from the first word until all of them are saved. */
export function noteOpenTurn(voice: VoiceStore, place: TurnStorage): OpenTurnNote {
  let turn: OpenTurn | null = null;

  function follow(snapshot: VoiceSnapshot): void {
    const phase = phaseOf(snapshot, turn !== null);
    if (phase === null) {
      if (turn !== null) remove(place);
      turn = null;
      return;
    }
    const { sessionId } = snapshot;
    const before = turn?.session_ids ?? [];
    const session_ids =
      sessionId === null || before.includes(sessionId) ? before : [...before, sessionId].slice(-MAX_TURN_SESSIONS);
    if (turn?.phase === phase && turn.session_ids === session_ids) return;
    turn = { session_ids, phase, left: false };
    write(place, turn);
  }

  const dispose = voice.subscribe(follow);
  return {
    isOpen: () => turn !== null,
    phase: () => turn?.phase ?? null,
    leave() {
      dispose();
      if (turn !== null) write(place, { ...turn, left: true });
    },
    forget() {
      if (turn === null) remove(place);
    },
    dispose,
  };
}

function write(place: TurnStorage, turn: OpenTurn): void {
  try {
    place.sessionStorage.setItem(OPEN_TURN_KEY, JSON.stringify(turn));
  } catch {
    // See TurnStorage.
  }
}

function remove(place: TurnStorage): void {
  try {
    place.sessionStorage.removeItem(OPEN_TURN_KEY);
  } catch {
    // See TurnStorage.
  }
}
