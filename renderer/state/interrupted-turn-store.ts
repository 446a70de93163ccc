import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, InterruptedTurn, Unsubscribe } from '../../shared/bridge.ts';
import type { OpenTurn } from './open-turn.ts';
import type { VoiceStore } from './voice-store.ts';

/** How a page with an open turn ended. */
type PageEnd = 'reloaded' | 'left' | 'crashed';

export interface Interruption {
  by: PageEnd;
  /** The turn's phase when the page ended. */
  phase: OpenTurn['phase'];
  /** What the host saved: `pending` until it has answered, `unknown` if it could not. */
  result: InterruptedTurn | 'pending' | 'unknown';
}

export interface InterruptedTurnState {
  /** Null if no turn was interrupted, or the notice was dismissed. */
  interruption: Interruption | null;
}

export interface InterruptedTurnStore extends StoreApi<InterruptedTurnState> {
  /** Removes the notice. */
  dismiss(): void;
  dispose: Unsubscribe;
}

export interface InterruptedTurnOptions {
  bridge: Pick<Bridge, 'endInterruptedTurn'>;
  voice: VoiceStore;
  /** The turn that the previous page of this window left open. */
  turn: OpenTurn | null;
  /** This page was loaded by a reload. */
  reloaded: boolean;
  /** Deletes the stored note of that turn. */
  forget: () => void;
}

/**
 * The turn that was open when the previous page of this window ended. Asks the host to end it, and keeps the result
 * until the notice is dismissed or the mic is pressed. Until then, it is shown again after a reload.
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
    // A duplicated tab has a copy of the other tab's note, and that turn is still running.
    if (result !== 'unknown' && result.state === 'connected') return dismiss();
    store.setState({ interruption: { ...interruption, result } });
  }

  const stop = voice.subscribe((state) => {
    if (state.turn > 0 && store.getState().interruption !== null) dismiss();
  });
  if (turn !== null) void end(turn.session_ids);
  return { ...store, dismiss, dispose: stop };
}
