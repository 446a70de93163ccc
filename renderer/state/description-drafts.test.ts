import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Description } from '../../shared/recording-library.ts';
import { recording } from '../testing/fakes.ts';
import { createDescriptionDrafts, draftKey, SAVE_AFTER_MS, shownText } from './description-drafts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A host that cleans texts as the real one does, and can fail or wait. */
function setUp() {
  const host = { failure: null as string | null, wait: Promise.resolve() };
  const describe = vi.fn(async ({ id, title, note }: Description) => {
    await host.wait;
    if (host.failure !== null) return { failure: host.failure };
    return { info: recording({ id, title: title?.trim() ?? '', note: note?.trim() ?? '' }) };
  });
  const drafts = createDescriptionDrafts(describe);
  const draft = (field: 'title' | 'note' = 'note') => drafts.getState().get(draftKey(field, 'a'));
  const sent = () => describe.mock.calls.map(([{ note, title }]) => note ?? title);
  return { host, drafts, draft, sent };
}

test('a note is saved once after a pause in typing', async () => {
  const { drafts, draft, sent } = setUp();
  for (const text of ['H', 'He', 'Hello ']) {
    drafts.change('note', 'a', text);
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
  }
  expect([sent(), draft()?.state]).toEqual([[], 'unsaved']);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent()).toEqual(['Hello ']);
  expect(draft()).toMatchObject({ state: 'saved', text: 'Hello ' });
});

test('a title is not saved before it is confirmed', async () => {
  const { drafts, sent, draft } = setUp();
  drafts.change('title', 'a', ' Half');
  await vi.advanceTimersByTimeAsync(10 * SAVE_AFTER_MS);
  expect(sent()).toEqual([]);
  expect(await drafts.leave('title', 'a')).toBeNull();
  expect(sent()).toEqual(['Half']);
  expect(draft('title')).toBeUndefined();
});

test('what is typed during a save is saved after it', async () => {
  const { host, drafts, draft, sent } = setUp();
  let answer = () => {};
  host.wait = new Promise((resolve) => (answer = resolve));
  drafts.change('note', 'a', 'one');
  const first = drafts.save('note', 'a');
  drafts.change('note', 'a', 'one two');
  expect(draft()?.state).toBe('unsaved');
  const second = drafts.save('note', 'a');
  expect(sent()).toEqual(['one']);
  answer();
  await Promise.all([first, second]);
  expect(sent()).toEqual(['one', 'one two']);
  expect(draft()?.state).toBe('saved');
});

test('a text that could not be saved is kept, with the reason, until a later save succeeds', async () => {
  const { host, drafts, draft } = setUp();
  host.failure = 'The disk is full.';
  drafts.change('note', 'a', 'Kept');
  expect(await drafts.leave('note', 'a')).toBe('The disk is full.');
  expect(draft()).toEqual({ text: 'Kept', state: 'failed', failure: 'The disk is full.', stored: null });
  host.failure = null;
  drafts.change('note', 'a', 'Kept, and more');
  expect(draft()?.failure, 'it stays until it is no longer true').toBe('The disk is full.');
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(draft()).toMatchObject({ state: 'saved', failure: null });
});

test('when the page ends, everything that is not saved is sent at once, also behind a save in progress', async () => {
  const { host, drafts, sent } = setUp();
  host.wait = new Promise(() => {});
  drafts.change('note', 'a', 'one');
  void drafts.save('note', 'a');
  drafts.change('note', 'a', 'one two');
  drafts.change('title', 'a', 'Half a title');
  drafts.dispose();
  expect(sent()).toEqual(['one', 'one two', 'Half a title']);
  await vi.advanceTimersByTimeAsync(10 * SAVE_AFTER_MS);
  expect(sent()).toHaveLength(3);
});

test('a discarded text is never saved', async () => {
  const { drafts, sent } = setUp();
  drafts.change('note', 'a', 'No');
  drafts.discard('note', 'a');
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  await drafts.leave('note', 'a');
  expect(sent()).toEqual([]);
});

test('a field shows what was typed, and a change of another window only when nothing is unsaved', async () => {
  const { drafts, draft } = setUp();
  const shown = (note: string) => shownText('note', recording({ id: 'a', note }) as RecordingInfo, draft());
  expect(shown('Stored')).toBe('Stored');
  drafts.change('note', 'a', 'Typed ');
  expect(shown('Elsewhere')).toBe('Typed ');
  await drafts.save('note', 'a');
  expect(shown('Typed'), 'the host has removed the space').toBe('Typed ');
  expect(shown('Elsewhere')).toBe('Elsewhere');
});
