import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { VoiceStore } from './voice-store.ts';

/** Most recordings in the list of recent ones. */
export const MAX_RECENT = 20;

export interface RecordingsState {
  /** What this window's sessions left behind, oldest first. */
  own: readonly RecordingInfo[];
  /** The newest on disk, newest first; null until they were asked for. */
  recent: readonly RecordingInfo[] | null;
  /** A sentence when the recent ones could not be listed. */
  error: string | null;
}

export interface RecordingsStore extends StoreApi<RecordingsState> {
  /** Asks the host for the recent recordings. Never rejects. */
  loadRecent(): Promise<void>;
  dispose: Unsubscribe;
}

/** Hears of every saved recording and keeps those of this window's own sessions. */
export function createRecordingsStore(
  bridge: Pick<Bridge, 'listRecordings' | 'onRecordingSaved'>,
  voice: VoiceStore,
): RecordingsStore {
  const store = createStore<RecordingsState>(() => ({ own: [], recent: null, error: null }));

  const dispose = bridge.onRecordingSaved((saved) => {
    const { own, recent } = store.getState();
    store.setState({
      own: voice.getState().sessions.includes(saved.session_id) ? [...without(own, saved.id), saved] : own,
      recent: recent && [saved, ...without(recent, saved.id)].slice(0, MAX_RECENT),
    });
  });

  return {
    ...store,
    dispose,
    async loadRecent() {
      try {
        const recent = (await bridge.listRecordings()).slice(0, MAX_RECENT);
        store.setState({ recent, error: null });
      } catch {
        store.setState({ error: 'The recordings could not be listed.' });
      }
    },
  };
}

/** The recordings that began after the last press: several when the turn went on as a new session. */
export function ofThisTurn(own: readonly RecordingInfo[], turnStartedAt: number | null): readonly RecordingInfo[] {
  if (turnStartedAt === null) return [];
  return own.filter((recording) => Date.parse(recording.started_at) >= turnStartedAt);
}

function without(recordings: readonly RecordingInfo[], id: string): readonly RecordingInfo[] {
  return recordings.filter((recording) => recording.id !== id);
}
