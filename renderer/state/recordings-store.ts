import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, BridgePayload, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_PAGE } from '../../shared/recording-library.ts';
import type { Link } from '../bridge/link.ts';
import type { VoiceStore } from './voice-store.ts';

/** A recording that could not be saved completely. */
interface Failure {
  /** The audio is saved; only its details are missing. */
  saved: boolean;
  /** What happened and what to do. */
  message: string;
  /** The turn during which the failure was reported. It may concern an earlier turn. */
  turn: number;
}
/** A turn that was too short to keep. */
type Discarded = BridgePayload<'onRecordingDiscarded'>;

export interface RecordingsState {
  /** Recordings of this window's sessions, oldest first. */
  own: readonly RecordingInfo[];
  /** This window's latest failure. */
  failure: Failure | null;
  /** Why audio is only in memory, and what to do; null if all of it is on disk. */
  delay: string | null;
  /** This window's latest turn that was too short to keep. */
  discarded: Discarded | null;
}

export interface RecordingsStore extends StoreApi<RecordingsState> {
  dispose: Unsubscribe;
}

type HostCalls = Pick<
  Bridge,
  | 'listRecordings'
  | 'onRecordingSaved'
  | 'onRecordingChanged'
  | 'onRecordingsRemoved'
  | 'onRecordingFailed'
  | 'onDescriptionMissing'
  | 'onRecordingDelayed'
  | 'onRecordingDiscarded'
>;

/** Follows the host's reports about recordings, and keeps those of this window's sessions. */
export function createRecordingsStore(bridge: HostCalls, voice: VoiceStore, link: Link): RecordingsStore {
  const store = createStore<RecordingsState>(() => ({
    own: [],
    failure: null,
    delay: null,
    discarded: null,
  }));

  /** The message of each own session that waits for the disk, oldest first. */
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
    // The report that ended the delay may have been lost with the connection.
    setDelay(saved.session_id, null);
  }

  const onFailure = (saved: boolean) => (failure: BridgePayload<'onRecordingFailed'>) => {
    if (!isOwn(failure)) return;
    store.setState({ failure: { saved, message: failure.message, turn: voice.getState().turn } });
    setDelay(failure.session_id, null);
  };

  /** Adds recordings that were saved while the host was not connected. */
  async function catchUp(): Promise<void> {
    const list = await bridge.listRecordings({ limit: MAX_PAGE }).then(
      (page) => page.recordings,
      () => null,
    );
    if (list === null) return;
    // Oldest first, as they were saved. Incomplete ones are still being written or were cut short.
    for (const info of list.filter(({ complete, trimmed_from }) => complete && !trimmed_from).reverse()) addOwn(info);
  }

  let previous = link.state();
  const stops = [
    bridge.onRecordingSaved(addOwn),
    bridge.onRecordingChanged((changed) => {
      const own = replaced(store.getState().own, changed);
      if (own !== null) store.setState({ own });
    }),
    bridge.onRecordingsRemoved(({ ids }) => {
      const own = store.getState().own.filter(({ id }) => !ids.includes(id));
      if (own.length < store.getState().own.length) store.setState({ own });
    }),
    bridge.onRecordingFailed(onFailure(false)),
    bridge.onDescriptionMissing(onFailure(true)),
    bridge.onRecordingDiscarded((discarded) => {
      if (!isOwn(discarded)) return;
      store.setState({ discarded });
      setDelay(discarded.session_id, null);
    }),
    bridge.onRecordingDelayed((delayed) => {
      if (isOwn(delayed)) setDelay(delayed.session_id, delayed.message);
    }),
    link.subscribe(() => {
      const isBack = link.state() === 'up' && previous !== 'up';
      previous = link.state();
      if (isBack) void catchUp();
    }),
  ];

  return {
    ...store,
    dispose() {
      for (const stop of stops) stop();
    },
  };
}

/**
 * The recordings of a turn by its sessions, independent of any clock. A turn that continued as a new session has
 * several.
 */
export function ofThisTurn(own: readonly RecordingInfo[], turnSessions: readonly string[]): readonly RecordingInfo[] {
  return own.filter(({ session_id }) => turnSessions.includes(session_id));
}

/** The list with the recording replaced in its position, or null if the list does not contain it. */
function replaced(recordings: readonly RecordingInfo[], saved: RecordingInfo): readonly RecordingInfo[] | null {
  const known = recordings.some(({ id }) => id === saved.id);
  return known ? recordings.map((recording) => (recording.id === saved.id ? saved : recording)) : null;
}
