import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { ofThisTurn } from './recordings-store.ts';
import type { VoiceStore } from './voice-store.ts';

export interface CancelledTurnsOptions {
  bridge: Pick<Bridge, 'onRecordingSaved'>;
  voice: Pick<VoiceStore, 'getState' | 'subscribe'>;
  /** The recordings of this window's sessions so far. */
  saved: () => readonly RecordingInfo[];
  /** Deletes recordings so that the user can restore them. */
  remove: (ids: readonly string[]) => Promise<void>;
}

export interface CancelledTurns {
  /** Marks the current turn: its recordings are deleted as soon as they are saved. Does not stop it. */
  cancel(): void;
  dispose: Unsubscribe;
}

/**
 * Deletes the recordings of cancelled turns. A recording can be deleted only once it is finished, so if the page is
 * gone before that, the recording stays.
 */
export function createCancelledTurns({ bridge, voice, saved, remove }: CancelledTurnsOptions): CancelledTurns {
  const turns = new Set<number>();
  const sessions = new Set<string>();
  const stops = [
    // A turn may get its session, or a further one, after it was cancelled.
    voice.subscribe((state, previous) => {
      if (!turns.has(state.turn - state.turnsWaiting)) return;
      for (const session of state.sessions.slice(previous.sessions.length)) sessions.add(session);
    }),
    bridge.onRecordingSaved((info) => {
      if (sessions.has(info.session_id)) void remove([info.id]);
    }),
  ];
  return {
    cancel() {
      const { turn, turnSessions } = voice.getState();
      turns.add(turn);
      for (const session of turnSessions) sessions.add(session);
      const before = ofThisTurn(saved(), turnSessions).map(({ id }) => id);
      if (before.length > 0) void remove(before);
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
}
