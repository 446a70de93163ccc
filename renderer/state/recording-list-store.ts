import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { type Description, MAX_PAGE, type TrimRange, UNDO_MS } from '../../shared/recording-library.ts';
import { RECORDINGS_FOLDER_MISSING } from '../../shared/recordings-folder.ts';
import type { Link } from '../bridge/link.ts';
import { text } from '../text/text.ts';
import { changeInParts, sentenceOf } from './change-in-parts.ts';
import { compareRecordings } from './recording-query.ts';

/** Length of the first page, which is shown while the others are loaded. */
export const FIRST_PAGE = 60;
/** Most pages of a load: with the shortest pages that a host sends, millions of recordings. */
const MAX_PAGES = 20_000;
/** Changes that arrive within this time (ms) are applied together. The first one is applied at once. */
export const APPLY_EVERY_MS = 100;
/** Most deletions that can be undone one after the other. */
export const MAX_DELETIONS = 50;

export interface RecordingListState {
  /** Newest first. */
  recordings: readonly RecordingInfo[];
  /** Whether no page, some pages or all of them have arrived. */
  loaded: 'none' | 'some' | 'all';
  /** Number of recordings by the host; while they are loaded, an upper limit. */
  total: number;
  /** Why the recordings could not be listed: a sentence, and whether their folder is missing. */
  error: { sentence: string; folderMissing: boolean } | null;
  /** What this window deleted and can restore, by deletion, oldest first. */
  deletions: readonly (readonly string[])[];
  /** A sentence if the last change failed in whole or in part. */
  failure: string | null;
  /** A sentence about what was done with a recording, without a change that the list shows. */
  notice: string | null;
}

export interface RecordingListStore extends StoreApi<RecordingListState> {
  /** Loads all pages, unless that has been done or is in progress. Never rejects. */
  load(): Promise<void>;
  /** Sets title or note. @returns the recording as it is then, or why it was not changed. Never rejects. */
  describe(description: Description): Promise<{ info: RecordingInfo } | { failure: string }>;
  /** Deletes recordings, so that `undo` can restore them. Never rejects. */
  remove(ids: readonly string[]): Promise<void>;
  /** Restores what the last deletion removed. @returns what was restored; it is listed by then. Never rejects. */
  undo(): Promise<readonly RecordingInfo[]>;
  /** Saves a part of a recording as a new one. @returns it, or null if that failed. Never rejects. */
  trim(range: TrimRange): Promise<RecordingInfo | null>;
  /** Removes the notice about deletions, which can't be undone from here any more. */
  dismissDeletions(): void;
  /** Says why a change failed. */
  showFailure(failure: string): void;
  dismissFailure(): void;
  /** Says what was done. */
  showNotice(notice: string): void;
  dismissNotice(): void;
  dispose: Unsubscribe;
}

type HostCalls = Pick<
  Bridge,
  | 'listRecordings'
  | 'describeRecording'
  | 'deleteRecordings'
  | 'restoreRecordings'
  | 'trimRecording'
  | 'onRecordingChanged'
  | 'onRecordingsRemoved'
  | 'onRecordingsFolder'
>;

/**
 * All recordings on disk, from all windows: loaded page by page, then kept true by the host's events.
 * @param afterPaint resolves when what is shown has been painted, so that the other pages do not delay the first one
 */
export function createRecordingListStore(
  bridge: HostCalls,
  link: Link,
  afterPaint: () => Promise<void> = async () => undefined,
): RecordingListStore {
  const store = createStore<RecordingListState>(() => ({
    recordings: [],
    loaded: 'none',
    total: 0,
    error: null,
    deletions: [],
    failure: null,
    notice: null,
  }));
  /** Changes since the load began, by id; null: removed. They are newer than its pages. */
  const sinceLoad = new Map<string, RecordingInfo | null>();
  /** What was deleted and can be restored, by id. */
  const deleted = new Map<string, RecordingInfo>();
  /** Changes that are not in the list yet. */
  const pending = new Map<string, RecordingInfo | null>();
  let applying: ReturnType<typeof setTimeout> | null = null;
  let expiring: ReturnType<typeof setTimeout> | null = null;
  let loading: Promise<void> | null = null;
  let disposed = false;

  function apply(): void {
    const { recordings } = store.getState();
    const rest = recordings.filter(({ id }) => !pending.has(id));
    const changed = [...pending.values()].filter((info) => info !== null);
    pending.clear();
    store.setState({ recordings: changed.length === 0 ? rest : [...rest, ...changed].sort(compareRecordings) });
  }

  function change(id: string, info: RecordingInfo | null): void {
    pending.set(id, info);
    if (loading !== null) sinceLoad.set(id, info);
  }

  function applySoon(): void {
    if (applying !== null) return;
    apply();
    applying = setTimeout(() => {
      applying = null;
      if (pending.size > 0) applySoon();
    }, APPLY_EVERY_MS);
  }

  /** Shows the pages so far. Recordings of an earlier load stay until the last page says that they are gone. */
  function show(found: ReadonlyMap<string, RecordingInfo>, complete: boolean, total: number): void {
    apply();
    const all = new Map(complete ? [] : store.getState().recordings.map((info) => [info.id, info]));
    for (const [id, info] of found) all.set(id, info);
    for (const [id, info] of sinceLoad) {
      if (info === null) all.delete(id);
      else all.set(id, info);
    }
    const recordings = [...all.values()].sort(compareRecordings);
    const { loaded } = store.getState();
    store.setState({ recordings, total, error: null, loaded: complete || loaded === 'all' ? 'all' : 'some' });
  }

  async function loadPages(): Promise<void> {
    const found = new Map<string, RecordingInfo>();
    let after: string | undefined;
    let shown = 0;
    try {
      for (let pages = 0; pages < MAX_PAGES && !disposed; pages++) {
        const limit = pages === 0 ? FIRST_PAGE : MAX_PAGE;
        const page = await bridge.listRecordings(after === undefined ? { limit } : { limit, after });
        if (disposed) return;
        for (const info of page.recordings) found.set(info.id, info);
        // Each time with twice as many, because showing a list takes time that grows with its length.
        if (page.next === null || found.size >= 2 * shown) {
          show(found, page.next === null, page.total);
          shown = found.size;
        }
        if (page.next === null) return;
        after = page.next;
        if (pages === 0) await afterPaint();
      }
    } catch (error) {
      if (disposed) return;
      const folderMissing = error instanceof EarshotError && error.code === RECORDINGS_FOLDER_MISSING;
      store.setState({ error: { sentence: sentenceOf(error, text.recordings.listFailed), folderMissing } });
    }
  }

  function load(): Promise<void> {
    loading ??= loadPages().finally(() => {
      loading = null;
      sinceLoad.clear();
    });
    return loading;
  }

  /** Changes all of these recordings, and shows why some or all were not changed. @returns those that were */
  async function changeAll(...[ids, call, general]: Parameters<typeof changeInParts>): Promise<string[]> {
    const { done, failures } = await changeInParts(ids, call, general);
    const [first] = failures;
    if (first !== undefined) {
      const failure = ids.length === 1 ? first : text.recordings.someFailed({ count: failures.length, first });
      store.setState({ failure });
    }
    return done;
  }

  function setDeletions(deletions: RecordingListState['deletions']): void {
    store.setState({ deletions });
    const kept = new Set(deletions.flat());
    for (const id of deleted.keys()) if (!kept.has(id)) deleted.delete(id);
  }

  function expireDeletions(): void {
    if (expiring !== null) clearTimeout(expiring);
    expiring = setTimeout(() => setDeletions([]), UNDO_MS);
  }

  /** Lists restored recordings again. The event about them may still be under way. */
  function relist(restored: readonly RecordingInfo[]): void {
    const listed = new Set(store.getState().recordings.map(({ id }) => id));
    for (const info of restored) if (!listed.has(info.id) && !pending.get(info.id)) change(info.id, info);
    apply();
  }

  /** Loads the list again, after a load in progress, unless nobody has asked for it yet. */
  function reload(): void {
    const { loaded, error } = store.getState();
    if (loaded !== 'none' || error !== null || loading !== null) void Promise.resolve(loading).then(load);
  }

  let folder: string | null = null;
  let previous = link.state();
  const stops = [
    bridge.onRecordingChanged((info) => {
      change(info.id, info);
      applySoon();
    }),
    bridge.onRecordingsRemoved(({ ids }) => {
      for (const id of ids) change(id, null);
      applySoon();
    }),
    link.subscribe(() => {
      const isBack = link.state() === 'up' && previous !== 'up';
      previous = link.state();
      if (isBack) reload();
    }),
    // Another folder, or the same one is missing or back.
    bridge.onRecordingsFolder(({ path, present }) => {
      const next = `${present} ${path}`;
      if (next !== folder) reload();
      folder = next;
    }),
  ];

  return {
    ...store,
    load() {
      const { loaded, error } = store.getState();
      return loaded === 'all' && error === null ? Promise.resolve() : load();
    },
    async describe(description) {
      try {
        const info = await bridge.describeRecording(description);
        change(info.id, info);
        apply();
        return { info };
      } catch (error) {
        return { failure: sentenceOf(error, text.recordings.describeFailed) };
      }
    },
    async remove(ids) {
      if (ids.length === 0) return;
      store.setState({ failure: null, notice: null });
      const before = new Map(store.getState().recordings.map((info) => [info.id, info]));
      const done = await changeAll(ids, bridge.deleteRecordings, text.recordings.deleteFailed);
      if (done.length === 0 || disposed) return;
      // The event about them may still be under way.
      for (const id of done) {
        const info = before.get(id);
        if (info) deleted.set(id, info);
        change(id, null);
      }
      apply();
      setDeletions([...store.getState().deletions, done].slice(-MAX_DELETIONS));
      expireDeletions();
    },
    async undo() {
      const { deletions } = store.getState();
      const last = deletions.at(-1);
      if (last === undefined) return [];
      const infos = new Map(last.map((id) => [id, deleted.get(id)]));
      store.setState({ failure: null, notice: null });
      setDeletions(deletions.slice(0, -1));
      const done = await changeAll(last, bridge.restoreRecordings, text.recordings.restoreFailed);
      const restored = done.map((id) => infos.get(id)).filter((info) => info !== undefined);
      relist(restored);
      return restored;
    },
    async trim(range) {
      store.setState({ failure: null, notice: null });
      try {
        const part = await bridge.trimRecording(range);
        change(part.id, part);
        apply();
        return part;
      } catch (error) {
        store.setState({ failure: sentenceOf(error, text.recordings.trimFailed) });
        return null;
      }
    },
    dismissDeletions: () => setDeletions([]),
    showFailure: (failure) => store.setState({ failure }),
    dismissFailure: () => store.setState({ failure: null }),
    showNotice: (notice) => store.setState({ notice }),
    dismissNotice: () => store.setState({ notice: null }),
    dispose() {
      disposed = true;
      for (const stop of stops) stop();
      if (applying !== null) clearTimeout(applying);
      if (expiring !== null) clearTimeout(expiring);
    },
  };
}
