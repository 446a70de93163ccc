import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, BridgePayload, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Link } from '../bridge/link.ts';
import { text } from '../text/en.ts';
import type { VoiceStore } from './voice-store.ts';

/** Most recordings in the list of recent ones. */
export const MAX_RECENT = 20;

/** What could not be kept. */
interface Failure {
  /** The sound is saved all the same: only its description is missing. */
  saved: boolean;
  /** What happened and what to do. */
  message: string;
  /** In which turn of this window it was told: of that one, or of a former one whose file took longer. */
  turn: number;
}
/** A turn that was too short to be kept. */
type Discarded = BridgePayload<'onRecordingDiscarded'>;

export interface RecordingsState {
  /** What this window's sessions left behind, oldest first. */
  own: readonly RecordingInfo[];
  /** The newest on disk, newest first; null until they were asked for. */
  recent: readonly RecordingInfo[] | null;
  /** What could not be kept of this window's newest turn that failed. */
  failure: Failure | null;
  /** Why what was said is only in memory, and what to do; null: all of it is on the disk. */
  delay: string | null;
  /** The newest turn of this window that was too short to be kept. */
  discarded: Discarded | null;
  /** A sentence when the recent ones could not be listed. */
  error: string | null;
}

export interface RecordingsStore extends StoreApi<RecordingsState> {
  /** Asks the host for the recent recordings. Never rejects. */
  loadRecent(): Promise<void>;
  dispose: Unsubscribe;
}

type HostCalls = Pick<
  Bridge,
  | 'listRecordings'
  | 'onRecordingSaved'
  | 'onRecordingFailed'
  | 'onDescriptionMissing'
  | 'onRecordingDelayed'
  | 'onRecordingDiscarded'
>;

/** Hears of every recording that was saved, or could not be, and keeps those of this window's own sessions. */
export function createRecordingsStore(bridge: HostCalls, voice: VoiceStore, link: Link): RecordingsStore {
  const store = createStore<RecordingsState>(() => ({
    own: [],
    recent: null,
    failure: null,
    delay: null,
    discarded: null,
    error: null,
  }));

  /** The sentence of each own session that waits for the disk; the oldest first. */
  const delays = new Map<string, string>();
  const isOwn = ({ session_id }: { session_id: string }) => voice.getState().sessions.includes(session_id);

  function setDelay(sessionId: string, message: string | null): void {
    if (message === null) delays.delete(sessionId);
    else delays.set(sessionId, message);
    store.setState({ delay: [...delays.values()].at(-1) ?? null });
  }

  function addOwn(saved: RecordingInfo): void {
    if (!isOwn(saved)) return;
    const { own } = store.getState();
    store.setState({ own: replaced(own, saved) ?? [...own, saved] });
    // A broken bridge may have lost the end of its delay.
    setDelay(saved.session_id, null);
  }

  const tellFailure = (saved: boolean) => (failure: BridgePayload<'onRecordingFailed'>) => {
    if (!isOwn(failure)) return;
    store.setState({ failure: { saved, message: failure.message, turn: voice.getState().turn } });
    setDelay(failure.session_id, null);
  };

  /** What was saved while the host could not be heard is told by its list alone. */
  async function catchUp(): Promise<void> {
    const list = await bridge.listRecordings().catch(() => null);
    if (list === null) return;
    // Oldest first, as they were saved. An incomplete one is still being written, or was never told as saved.
    for (const info of list.filter(({ complete }) => complete).reverse()) addOwn(info);
    if (store.getState().recent !== null) store.setState({ recent: list.slice(0, MAX_RECENT), error: null });
  }

  let before = link.state();
  const stops = [
    bridge.onRecordingSaved((saved) => {
      addOwn(saved);
      const { recent } = store.getState();
      store.setState({ recent: recent && (replaced(recent, saved) ?? [saved, ...recent].slice(0, MAX_RECENT)) });
    }),
    bridge.onRecordingFailed(tellFailure(false)),
    bridge.onDescriptionMissing(tellFailure(true)),
    bridge.onRecordingDiscarded((discarded) => {
      if (!isOwn(discarded)) return;
      store.setState({ discarded });
      setDelay(discarded.session_id, null);
    }),
    bridge.onRecordingDelayed((delayed) => {
      if (isOwn(delayed)) setDelay(delayed.session_id, delayed.message);
    }),
    link.subscribe(() => {
      const isBack = link.state() === 'up' && before !== 'up';
      before = link.state();
      if (isBack) void catchUp();
    }),
  ];

  return {
    ...store,
    dispose() {
      for (const stop of stops) stop();
    },
    async loadRecent() {
      try {
        const recent = (await bridge.listRecordings()).slice(0, MAX_RECENT);
        store.setState({ recent, error: null });
      } catch {
        store.setState({ error: text.recordings.listFailed });
      }
    },
  };
}

/** Those of the turn that has these sessions: several when it went on as a new session. No clock has a say in it. */
export function ofThisTurn(own: readonly RecordingInfo[], turnSessions: readonly string[]): readonly RecordingInfo[] {
  return own.filter(({ session_id }) => turnSessions.includes(session_id));
}

/** The list with that recording in its old place, or null when it is new: one that is told twice stays where it was. */
function replaced(recordings: readonly RecordingInfo[], saved: RecordingInfo): readonly RecordingInfo[] | null {
  const known = recordings.some(({ id }) => id === saved.id);
  return known ? recordings.map((recording) => (recording.id === saved.id ? saved : recording)) : null;
}
