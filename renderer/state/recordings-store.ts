import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { VoiceStore } from './voice-store.ts';

/** Most recordings in the list of recent ones. */
export const MAX_RECENT = 20;

interface TurnFailure {
  /** The sound is saved all the same: only its description is missing. */
  saved: boolean;
  /** What happened and what to do. */
  message: string;
  /** The turn it was told in, by `turnStartedAt`. */
  turnStartedAt: number | null;
}

export interface RecordingsState {
  /** What this window's sessions left behind, oldest first. */
  own: readonly RecordingInfo[];
  /** The newest on disk, newest first; null until they were asked for. */
  recent: readonly RecordingInfo[] | null;
  /** When the recent ones were asked for, in ms since the epoch. */
  recentAt: number;
  /** What could not be kept of this window's newest turn that failed. */
  failure: TurnFailure | null;
  /** Why what is said now is only in memory, and what to do; null: it is on the disk. */
  delay: string | null;
  /** A sentence when the recent ones could not be listed. */
  error: string | null;
}

export interface RecordingsStore extends StoreApi<RecordingsState> {
  /** Asks the host for the recent recordings. Never rejects. */
  loadRecent(): Promise<void>;
  dispose: Unsubscribe;
}

/** Hears of every recording that was saved, or could not be, and keeps those of this window's own sessions. */
export function createRecordingsStore(
  bridge: Pick<
    Bridge,
    'listRecordings' | 'onRecordingSaved' | 'onRecordingFailed' | 'onDescriptionMissing' | 'onRecordingDelayed'
  >,
  voice: VoiceStore,
): RecordingsStore {
  const store = createStore<RecordingsState>(() => ({
    own: [],
    recent: null,
    recentAt: 0,
    failure: null,
    delay: null,
    error: null,
  }));

  const isOwn = (sessionId: string) => voice.getState().sessions.includes(sessionId);
  const stopSaved = bridge.onRecordingSaved((saved) => {
    const { own, recent } = store.getState();
    store.setState({
      own: isOwn(saved.session_id) ? (replaced(own, saved) ?? [...own, saved]) : own,
      recent: recent && (replaced(recent, saved) ?? [saved, ...recent].slice(0, MAX_RECENT)),
    });
    // Told again after a broken bridge, which may have lost the end of the delay itself.
    if (isOwn(saved.session_id)) store.setState({ delay: null });
  });
  const tellFailure = (saved: boolean) => (failure: { session_id: string; message: string }) => {
    if (!isOwn(failure.session_id)) return;
    const { turnStartedAt } = voice.getState();
    // Nothing waits for the disk any more.
    store.setState({ failure: { saved, message: failure.message, turnStartedAt }, delay: null });
  };
  const stopFailed = bridge.onRecordingFailed(tellFailure(false));
  const stopMissing = bridge.onDescriptionMissing(tellFailure(true));
  const stopDelayed = bridge.onRecordingDelayed(({ session_id, message }) => {
    if (isOwn(session_id)) store.setState({ delay: message });
  });

  return {
    ...store,
    dispose() {
      stopDelayed();
      stopMissing();
      stopFailed();
      stopSaved();
    },
    async loadRecent() {
      try {
        const recent = (await bridge.listRecordings()).slice(0, MAX_RECENT);
        store.setState({ recent, recentAt: Date.now(), error: null });
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

/** The list with that recording in its old place, or null when it is new: one that is told twice stays where it was. */
function replaced(recordings: readonly RecordingInfo[], saved: RecordingInfo): readonly RecordingInfo[] | null {
  const known = recordings.some(({ id }) => id === saved.id);
  return known ? recordings.map((recording) => (recording.id === saved.id ? saved : recording)) : null;
}
