import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, InterruptedTurn, Unsubscribe } from '../../shared/bridge.ts';
import type { OpenTurn } from './open-turn.ts';
import type { VoiceStore } from './voice-store.ts';

/** How the page ended in which a turn was open. */
type PageEnd = 'reloaded' | 'left' | 'crashed';

export interface Interruption {
  by: PageEnd;
  /** Where the turn stood. */
  phase: OpenTurn['phase'];
  /** What the host has of it: `pending` until it has answered, `unknown` where it could not. */
  result: InterruptedTurn | 'pending' | 'unknown';
}

export interface InterruptedTurnState {
  /** Null: there is none to tell of. */
  interruption: Interruption | null;
}

export interface InterruptedTurnStore extends StoreApi<InterruptedTurnState> {
  /** The person has seen it. */
  dismiss(): void;
  dispose: Unsubscribe;
}

export interface InterruptedTurnOptions {
  bridge: Pick<Bridge, 'endInterruptedTurn'>;
  voice: VoiceStore;
  /** What the former page of this window left open. */
  turn: OpenTurn | null;
  /** This page was loaded by a reload of the former one. */
  reloaded: boolean;
  /** Takes the note of the former page's turn away. */
  forget: () => void;
}

/**
 * The turn that the former page of this window did not live to end: has the host end it, and keeps what was saved of it until
 * it has been dismissed, or the next press. Until then a reload tells it again.
 */
export function createInterruptedTurnStore(options: InterruptedTurnOptions): InterruptedTurnStore {
  const { bridge, voice, turn, reloaded, forget } = options;
  const by: PageEnd = turn?.left ? (reloaded ? 'reloaded' : 'left') : 'crashed';
  const store = createStore<InterruptedTurnState>(() => ({
    interruption: turn && { by, phase: turn.phase, result: 'pending' },
  }));

  function dismiss(): void {
    store.setState({ interruption: null });
    forget();
  }

  async function end(sessionIds: string[]): Promise<void> {
    const result = await bridge.endInterruptedTurn({ session_ids: sessionIds }).catch(() => 'unknown' as const);
    const { interruption } = store.getState();
    if (interruption === null) return;
    // A tab that was duplicated has a copy of the other one's note: that turn goes on.
    if (result !== 'unknown' && result.state === 'connected') return dismiss();
    store.setState({ interruption: { ...interruption, result } });
  }

  const stop = voice.subscribe((state) => {
    if (state.turn > 0 && store.getState().interruption !== null) dismiss();
  });
  if (turn !== null) void end(turn.session_ids);
  return { ...store, dismiss, dispose: stop };
}
