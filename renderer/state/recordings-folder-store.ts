import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingsFolder } from '../../shared/recordings-folder.ts';
import type { Link } from '../bridge/link.ts';
import { text } from '../text/text.ts';
import { sentenceOf } from './change-in-parts.ts';

export interface RecordingsFolderState {
  /** Null until the host has answered. */
  folder: RecordingsFolder | null;
  /** Why the last call of this window failed; null: it did not. */
  error: string | null;
}

export interface RecordingsFolderStore extends StoreApi<RecordingsFolderState> {
  /** Asks the host. Never rejects, like the other functions. */
  load(): Promise<void>;
  open(): Promise<void>;
  choose(): Promise<void>;
  useDefault(): Promise<void>;
  cancelMove(): Promise<void>;
  dispose: Unsubscribe;
}

type FolderBridge = Pick<
  Bridge,
  | 'getRecordingsFolder'
  | 'openRecordingsFolder'
  | 'chooseRecordingsFolder'
  | 'useDefaultRecordingsFolder'
  | 'cancelRecordingsMove'
  | 'onRecordingsFolder'
>;

/** The folder of the recordings: asked for when it is shown, then pushed by the host while it changes. */
export function createRecordingsFolderStore(bridge: FolderBridge, link: Link): RecordingsFolderStore {
  const store = createStore<RecordingsFolderState>(() => ({ folder: null, error: null }));

  async function load(): Promise<void> {
    const folder = await bridge.getRecordingsFolder().catch(() => null);
    if (folder !== null) store.setState({ folder });
  }

  async function attempt(call: () => Promise<unknown>): Promise<void> {
    store.setState({ error: null });
    try {
      await call();
    } catch (error) {
      store.setState({ error: sentenceOf(error, text.settings.recordingsFolder.failed) });
    }
    await load();
  }

  const stops = [
    bridge.onRecordingsFolder((folder) => store.setState({ folder })),
    link.subscribe(() => {
      if (link.state() === 'up' && store.getState().folder !== null) void load();
    }),
  ];
  return {
    ...store,
    load,
    open: () =>
      attempt(async () => {
        if (!(await bridge.openRecordingsFolder())) store.setState({ error: text.settings.recordingsFolder.notOpened });
      }),
    choose: () => attempt(() => bridge.chooseRecordingsFolder()),
    useDefault: () => attempt(() => bridge.useDefaultRecordingsFolder()),
    cancelMove: () => attempt(() => bridge.cancelRecordingsMove()),
    dispose() {
      for (const stop of stops) stop();
    },
  };
}
