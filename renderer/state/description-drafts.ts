import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Description } from '../../shared/recording-library.ts';

/** A note is saved when nothing was typed for this time (ms). */
export const SAVE_AFTER_MS = 1_000;

export type DescribedField = 'title' | 'note';

/** What the user has typed into a field. */
export interface Draft {
  text: string;
  /** `failed`: it was not saved, and is tried again with the next change. */
  state: 'unsaved' | 'saving' | 'saved' | 'failed';
  /** Why it was not saved; null: it did not fail. */
  failure: string | null;
  /** What the recording has since the last save, which is cleaned. Null: not saved yet. */
  stored: string | null;
}

export interface DescriptionDrafts extends StoreApi<ReadonlyMap<string, Draft>> {
  /** Keeps what was typed. A note is saved after a pause, a title by `save`. */
  change(field: DescribedField, id: string, text: string): void;
  /** Saves a draft now, if it is not saved. @returns why it failed, or null. Never rejects. */
  save(field: DescribedField, id: string): Promise<string | null>;
  /** Drops what was typed into a field, which then shows what the recording has. */
  discard(field: DescribedField, id: string): void;
  /** Saves what is not saved yet and drops the draft, unless that fails: then it is kept. Never rejects. */
  leave(field: DescribedField, id: string): Promise<string | null>;
  /** The page ends: saves all that is not saved. */
  dispose: Unsubscribe;
}

export const draftKey = (field: DescribedField, id: string) => `${field} ${id}`;

const descriptionOf = (field: DescribedField, id: string, text: string): Description =>
  field === 'title' ? { id, title: text.trim() } : { id, note: text };

/** What a field shows: the draft, unless the recording was changed elsewhere since the draft was saved. */
export function shownText(field: DescribedField, recording: RecordingInfo, draft: Draft | undefined): string {
  const stored = recording[field] ?? '';
  if (draft === undefined || (draft.state === 'saved' && draft.stored !== stored)) return stored;
  return draft.text;
}

/**
 * Titles and notes that are being edited. Outside of the fields, so that nothing typed is lost when a field disappears:
 * another recording is selected, its row is scrolled out of the list, or the window closes.
 * @param describe changes the recording; gives it as it is then, or a sentence that says why not. Never rejects
 */
export function createDescriptionDrafts(
  describe: (description: Description) => Promise<{ info: RecordingInfo } | { failure: string }>,
): DescriptionDrafts {
  const store = createStore<ReadonlyMap<string, Draft>>(() => new Map());
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Saves in progress. The saves of a field run one after the other. */
  const saving = new Map<string, Promise<string | null>>();

  const get = (key: string) => store.getState().get(key);

  function set(key: string, draft: Draft | null): void {
    const drafts = new Map(store.getState());
    if (draft === null) drafts.delete(key);
    else drafts.set(key, draft);
    store.setState(drafts, true);
  }

  function stopTimer(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
  }

  async function send(field: DescribedField, id: string): Promise<string | null> {
    const key = draftKey(field, id);
    const draft = get(key);
    if (draft === undefined || draft.state === 'saved') return null;
    const { text } = draft;
    set(key, { ...draft, state: 'saving' });
    const result = await describe(descriptionOf(field, id, text));
    const now = get(key);
    const failure = 'failure' in result ? result.failure : null;
    const stored = 'info' in result ? (result.info[field] ?? '') : (now?.stored ?? null);
    // More may have been typed meanwhile.
    if (now !== undefined)
      set(key, {
        ...now,
        stored,
        failure,
        ...(now.text === text && { state: failure === null ? 'saved' : 'failed' }),
      });
    return failure;
  }

  function save(field: DescribedField, id: string): Promise<string | null> {
    const key = draftKey(field, id);
    stopTimer(key);
    const before = saving.get(key);
    const next = (before === undefined ? send(field, id) : before.then(() => send(field, id))).finally(() => {
      if (saving.get(key) === next) saving.delete(key);
    });
    saving.set(key, next);
    return next;
  }

  return {
    ...store,
    change(field, id, text) {
      const key = draftKey(field, id);
      const { stored = null, failure = null } = get(key) ?? {};
      set(key, { text, state: 'unsaved', stored, failure });
      if (field === 'title') return;
      stopTimer(key);
      timers.set(
        key,
        setTimeout(() => void save(field, id), SAVE_AFTER_MS),
      );
    },
    save,
    discard(field, id) {
      const key = draftKey(field, id);
      stopTimer(key);
      set(key, null);
    },
    async leave(field, id) {
      const key = draftKey(field, id);
      const failure = await save(field, id);
      if (get(key)?.state === 'saved') set(key, null);
      return failure;
    },
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const [key, { state, text }] of store.getState()) {
        const [field, id] = key.split(' ') as [DescribedField, string];
        // Not after a save in progress, whose answer this page does not see any more.
        if (state === 'unsaved' || state === 'failed') void describe(descriptionOf(field, id, text));
      }
    },
  };
}
