import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_CHANGED_RECORDINGS, MAX_PAGE, UNDO_MS } from '../../shared/recording-library.ts';
import { RECORDINGS_FOLDER_MISSING } from '../../shared/recordings-folder.ts';
import { createLink } from '../bridge/link.ts';
import { fakeBridge, page, recording } from '../testing/fakes.ts';
import { APPLY_EVERY_MS, createRecordingListStore, FIRST_PAGE, MAX_DELETIONS } from './recording-list-store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Recordings `r0`, `r1`, …, newest first. */
function many(count: number): RecordingInfo[] {
  const time = (i: number) => new Date(Date.UTC(2026, 10, 27) - i * 60_000).toISOString();
  return Array.from({ length: count }, (_, i) => recording({ id: `r${i}`, started_at: time(i) }));
}

/** A host with these recordings, which pages them by index. */
function hostOf(all: RecordingInfo[]) {
  return vi.fn(async ({ limit, after = '0' }: { limit: number; after?: string | undefined }) => {
    const end = Number(after) + limit;
    const next = end < all.length ? String(end) : null;
    return { recordings: all.slice(Number(after), end), next, total: all.length };
  });
}

function setUp(calls: Parameters<typeof fakeBridge>[0] = {}) {
  const { bridge, emit } = fakeBridge(calls);
  const link = createLink();
  const list = createRecordingListStore(bridge, link);
  const ids = () => list.getState().recordings.map(({ id }) => id);
  return { list, emit, link, ids, state: list.getState };
}

test('the first page is short and shown at once; then each time twice as many', async () => {
  const listRecordings = hostOf(many(1_200));
  const { list, state } = setUp({ listRecordings });
  const steps: string[] = [];
  list.subscribe(({ recordings, loaded, total }) => {
    if (recordings.length > 0) steps.push(`${recordings.length} of ${total}, ${loaded}`);
  });
  await list.load();
  expect([...new Set(steps)].filter((step) => step.includes('of 1200'))).toEqual([
    `${FIRST_PAGE} of 1200, some`,
    `${FIRST_PAGE + MAX_PAGE} of 1200, some`,
    '1200 of 1200, all',
  ]);
  expect(state().error).toBeNull();
  expect(listRecordings.mock.calls.map(([{ limit }]) => limit)).toEqual([FIRST_PAGE, MAX_PAGE, MAX_PAGE, MAX_PAGE]);
});

test('loading twice asks the host once', async () => {
  const listRecordings = hostOf(many(3));
  const { list } = setUp({ listRecordings });
  await Promise.all([list.load(), list.load()]);
  await list.load();
  expect(listRecordings).toHaveBeenCalledTimes(1);
});

test('a failed list gives a sentence, and the next try clears it', async () => {
  let broken = true;
  const { list, state } = setUp({
    listRecordings: async () => {
      if (broken) throw new Error('no');
      return page(many(1));
    },
  });
  await list.load();
  expect(state()).toMatchObject({
    error: { sentence: 'The recordings could not be listed.', folderMissing: false },
    loaded: 'none',
  });
  broken = false;
  await list.load();
  expect(state()).toMatchObject({ error: null, loaded: 'all' });
});

test('a new recording is placed by its time, and a changed one replaced', async () => {
  const { list, emit, ids, state } = setUp({ listRecordings: hostOf(many(2)) });
  await list.load();
  emit('onRecordingChanged', recording({ id: 'new', started_at: '2026-11-28T00:00:00.000Z' }));
  expect(ids()).toEqual(['new', 'r0', 'r1']);
  vi.advanceTimersByTime(APPLY_EVERY_MS);
  emit('onRecordingChanged', { ...(many(2)[1] as RecordingInfo), title: 'Named' });
  expect(ids()).toEqual(['new', 'r0', 'r1']);
  expect(state().recordings[2]?.title).toBe('Named');
  emit('onRecordingsRemoved', { ids: ['r0'], why: 'expired' });
  vi.advanceTimersByTime(APPLY_EVERY_MS);
  expect(ids()).toEqual(['new', 'r1']);
});

test('a thousand changes in a row change the list twice', async () => {
  const { list, emit, ids } = setUp();
  await list.load();
  let changes = 0;
  list.subscribe(() => changes++);
  for (const info of many(1_000)) emit('onRecordingChanged', info);
  expect(ids()).toHaveLength(1);
  vi.advanceTimersByTime(APPLY_EVERY_MS);
  expect(ids()).toHaveLength(1_000);
  expect(changes).toBe(2);
});

test('a page that was requested before a change does not undo it', async () => {
  const all = many(FIRST_PAGE + 2);
  let answer: (() => void) | null = null;
  const { list, emit, state, ids } = setUp({
    listRecordings: async (query) => {
      const found = await hostOf(all)(query);
      if (query.after !== undefined) await new Promise<void>((resolve) => (answer = resolve));
      return found;
    },
  });
  const loaded = list.load();
  const second = await vi.waitFor(() => answer ?? expect.fail('the second page was not requested'));
  const last = all.at(-1) as RecordingInfo;
  emit('onRecordingsRemoved', { ids: ['r0', last.id], why: 'deleted' });
  emit('onRecordingChanged', { ...(all[FIRST_PAGE] as RecordingInfo), title: 'Newer' });
  second();
  await loaded;
  expect(ids()).not.toContain('r0');
  expect(ids()).not.toContain(last.id);
  expect(state().recordings.find(({ id }) => id === `r${FIRST_PAGE}`)?.title).toBe('Newer');
});

test('when the host is back, the list is loaded again and what is gone disappears', async () => {
  const all = many(3);
  const { list, link, ids } = setUp({ listRecordings: (query) => hostOf(all)(query) });
  link.set('down');
  link.set('up');
  expect(ids(), 'nobody has asked for the list').toEqual([]);
  await list.load();
  all.splice(1, 1);
  link.set('down');
  link.set('up');
  await vi.waitFor(() => expect(ids()).toEqual(['r0', 'r2']));
});

test('the other pages are asked for when the first one has been painted', async () => {
  const listRecordings = hostOf(many(FIRST_PAGE + 1));
  const { bridge } = fakeBridge({ listRecordings });
  let painted: (() => void) | null = null;
  const list = createRecordingListStore(bridge, createLink(), () => new Promise((resolve) => (painted = resolve)));
  const loaded = list.load();
  const paint = await vi.waitFor(() => painted ?? expect.fail('the first page was not shown'));
  expect(list.getState().recordings).toHaveLength(FIRST_PAGE);
  expect(listRecordings).toHaveBeenCalledTimes(1);
  paint();
  await loaded;
  expect(list.getState()).toMatchObject({ loaded: 'all', total: FIRST_PAGE + 1 });
});

test('the list follows its folder: missing, back, and another one', async () => {
  const folder = { path: '/drive', is_default: false, present: true, move: null, error: null };
  let answer = async () => page(many(3));
  const { list, emit, ids, state } = setUp({ listRecordings: () => answer() });
  emit('onRecordingsFolder', { ...folder, path: '/home' });
  await list.load();
  answer = async () => {
    throw new EarshotError(RECORDINGS_FOLDER_MISSING, 'The folder is not there.');
  };
  emit('onRecordingsFolder', { ...folder, present: false });
  await vi.waitFor(() => expect(state().error).toEqual({ sentence: 'The folder is not there.', folderMissing: true }));
  expect(ids(), 'what was known stays').toHaveLength(3);
  answer = async () => page(many(2));
  emit('onRecordingsFolder', folder);
  await vi.waitFor(() => expect(state()).toMatchObject({ error: null, total: 2 }));
  expect(ids()).toEqual(['r0', 'r1']);
  answer = async () => page(many(1));
  emit('onRecordingsFolder', { ...folder, path: '/other' });
  await vi.waitFor(() => expect(ids()).toEqual(['r0']));
});

test('a title is saved, or a sentence says why not', async () => {
  const failure = new EarshotError('disk_full', 'The disk is full.');
  const describeRecording = vi.fn(async ({ id, title }: { id: string; title?: string | undefined }) =>
    recording({ id, title: title ?? '' }),
  );
  const { list, state } = setUp({ describeRecording });
  expect(await list.describe({ id: 'a', title: 'New' })).toMatchObject({ info: { id: 'a', title: 'New' } });
  expect(state().recordings.map(({ title }) => title)).toEqual(['New']);
  describeRecording.mockRejectedValueOnce(failure);
  expect(await list.describe({ id: 'a', title: 'Newer' })).toEqual({ failure: 'The disk is full.' });
  describeRecording.mockRejectedValueOnce(new Error('?'));
  const general = 'The change was not saved. Try again.';
  expect(await list.describe({ id: 'a', title: 'Newer' })).toEqual({ failure: general });
  list.showFailure(general);
  expect(state().failure).toBe(general);
  list.dismissFailure();
  expect(state().failure).toBeNull();
});

test('a deletion removes the recordings at once and can be undone, the last one first', async () => {
  const restoreRecordings = vi.fn(async ({ ids }: { ids: string[] }) => ({ done: ids, failed: [] }));
  const { list, ids, state } = setUp({ listRecordings: hostOf(many(4)), restoreRecordings });
  await list.load();
  await list.remove(['r0']);
  await list.remove(['r1', 'r2']);
  expect(ids()).toEqual(['r3']);
  expect(state().deletions).toEqual([['r0'], ['r1', 'r2']]);
  expect((await list.undo()).map(({ id }) => id)).toEqual(['r1', 'r2']);
  expect(ids(), 'listed before the host says so').toEqual(['r1', 'r2', 'r3']);
  await list.undo();
  expect(await list.undo(), 'nothing is left to undo').toEqual([]);
  expect(restoreRecordings.mock.calls.map(([args]) => args.ids)).toEqual([['r1', 'r2'], ['r0']]);
  expect(state().deletions).toEqual([]);
});

test('a recording that was changed when it was restored stays as the host says', async () => {
  const [first, ...others] = many(2) as [RecordingInfo, ...RecordingInfo[]];
  const rig = setUp({
    listRecordings: hostOf([first, ...others]),
    async restoreRecordings({ ids }) {
      rig.emit('onRecordingChanged', { ...first, title: 'Newer' });
      return { done: ids, failed: [] };
    },
  });
  await rig.list.load();
  await rig.list.remove([first.id]);
  await rig.list.undo();
  expect(rig.state().recordings[0]).toMatchObject({ id: first.id, title: 'Newer' });
});

test('what could not be restored is not listed, and a sentence says why', async () => {
  const message = 'This recording can’t be restored any more.';
  const { list, ids, state } = setUp({
    listRecordings: hostOf(many(3)),
    restoreRecordings: async () => ({ done: ['r0'], failed: [{ id: 'r1', code: 'not_restorable', message }] }),
  });
  await list.load();
  await list.remove(['r0', 'r1']);
  expect((await list.undo()).map(({ id }) => id)).toEqual(['r0']);
  expect(ids()).toEqual(['r0', 'r2']);
  expect(state().failure).toBe(message);
});

test('a deletion can be undone for as long as the host keeps the recordings', async () => {
  const { list, state } = setUp({ listRecordings: hostOf(many(2)) });
  await list.remove(['r0']);
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(state().deletions).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(state().deletions).toEqual([]);
});

test('more recordings than one call takes are deleted in several calls', async () => {
  const deleteRecordings = vi.fn(async ({ ids }: { ids: string[] }) => ({ done: ids, failed: [] }));
  const { list, state } = setUp({ deleteRecordings });
  await list.remove(many(2 * MAX_CHANGED_RECORDINGS + 5).map(({ id }) => id));
  expect(deleteRecordings.mock.calls.map(([{ ids }]) => ids.length)).toEqual([
    MAX_CHANGED_RECORDINGS,
    MAX_CHANGED_RECORDINGS,
    5,
  ]);
  expect(state().deletions[0]).toHaveLength(2 * MAX_CHANGED_RECORDINGS + 5);
});

test('recordings that could not be deleted stay, and a sentence says why', async () => {
  const message = 'This recording is still being written. Stop it first, then try again.';
  const failed = [{ id: 'r1', code: 'recording_in_progress', message }];
  const { list, ids, state } = setUp({
    listRecordings: hostOf(many(3)),
    deleteRecordings: async () => ({ done: ['r0'], failed }),
  });
  await list.load();
  await list.remove(['r0', 'r1']);
  expect(ids()).toEqual(['r1', 'r2']);
  expect(state()).toMatchObject({ failure: message, deletions: [['r0']] });
});

test('a host that does not answer leaves everything in place', async () => {
  const { list, ids, state } = setUp({
    listRecordings: hostOf(many(2)),
    deleteRecordings: () => Promise.reject(new Error('gone')),
  });
  await list.load();
  await list.remove(['r0', 'r1']);
  expect(ids()).toEqual(['r0', 'r1']);
  expect(state()).toMatchObject({
    deletions: [],
    failure: '2 recordings were not changed. The recordings were not deleted. Try again.',
  });
});

test('the number of deletions that can be undone is bounded', async () => {
  const { list, state } = setUp();
  for (let i = 0; i < MAX_DELETIONS + 5; i++) await list.remove([`r${i}`]);
  expect(state().deletions).toHaveLength(MAX_DELETIONS);
  expect(state().deletions[0]).toEqual(['r5']);
});

test('a trimmed part is in the list at once; if it fails, a sentence says why', async () => {
  const { list, ids, state } = setUp({
    trimRecording: vi
      .fn()
      .mockResolvedValueOnce(recording({ id: 'a-2' }))
      .mockRejectedValueOnce(new EarshotError('bad_range', 'Choose a longer part.')),
  });
  expect((await list.trim({ id: 'a', start_s: 0, end_s: 1 }))?.id).toBe('a-2');
  expect(ids()).toEqual(['a-2']);
  expect(await list.trim({ id: 'a', start_s: 0, end_s: 0 })).toBeNull();
  expect(state().failure).toBe('Choose a longer part.');
});

test('after dispose nothing changes any more', async () => {
  const { list, emit, ids } = setUp({ listRecordings: hostOf(many(2)) });
  await list.load();
  list.dispose();
  emit('onRecordingsRemoved', { ids: ['r0'], why: 'deleted' });
  vi.advanceTimersByTime(UNDO_MS);
  expect(ids()).toEqual(['r0', 'r1']);
});
