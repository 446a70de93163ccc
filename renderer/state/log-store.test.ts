import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../../shared/bridge.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { fakeBridge, record, records } from '../testing/fakes.ts';
import type { RecordReader } from './log-filter.ts';
import { EMPTY_LIST, type LogList } from './log-list.ts';
import type { Unrecorded } from './log-outbox.ts';
import { createLogStore, MAX_RECORDS } from './log-store.ts';
import { searchedText } from './searched-text.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

const seqs = (list: LogList | readonly LogRecord[]) => Array.from(list, ({ seq }) => seq);

type GetHistory = Bridge['getLogHistory'];

/** @param history all that the host has, or its answers */
function logWith(history: LogRecord[] | GetHistory = [], reader: Partial<RecordReader> = {}) {
  const getLogHistory = vi.fn<GetHistory>(
    typeof history === 'function'
      ? history
      : async (query) => history.filter(({ seq }) => seq < (query?.before ?? Number.POSITIVE_INFINITY)),
  );
  const { bridge, emit } = fakeBridge({ getLogHistory });
  let unrecorded: Unrecorded = { lines: [], dropped: 0 };
  let onChange = () => {};
  const clock = { ms: 0 };
  /** Slices of a filter that wait. */
  const waiting: Array<() => void> = [];
  const log = createLogStore(
    bridge,
    {
      unrecorded: () => unrecorded,
      subscribe(listener) {
        onChange = listener;
        return () => undefined;
      },
    },
    {
      reader,
      now: () => clock.ms,
      later(work) {
        waiting.push(work);
        return () => void waiting.splice(waiting.indexOf(work), 1);
      },
    },
  );
  /** Sets the events of the window that the host has not recorded. */
  const setUnrecorded = (lines: LogRecord[], dropped = 0) => {
    unrecorded = { lines, dropped };
    onChange();
  };
  /** Runs the slices of the filter that wait. */
  const runSlices = () => {
    for (let work = waiting.shift(); work; work = waiting.shift()) work();
  };
  const emitBatch = (batch: LogRecord[]) => emit('onLogRecords', batch);
  return { log, setUnrecorded, getLogHistory, emit: emitBatch, clock, waiting, runSlices };
}

describe('log store', () => {
  test('history that arrives after live records is placed before them, without duplicates', async () => {
    let answer = (_: LogRecord[]) => {};
    const { log, emit } = logWith(() => new Promise((resolve) => (answer = resolve)));
    emit(records(4, 3));
    answer(records(1, 5));
    await vi.waitFor(() => expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4, 5, 6]));
  });

  test('a record received twice, also within a batch, is shown once', async () => {
    const { log, emit } = logWith();
    emit(records(1, 3));
    emit([record(3), record(4), record(4), record(5)]);
    expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4, 5]);
  });

  test('a gap in the live records is filled from the history', async () => {
    const { log, emit, getLogHistory } = logWith(async () => records(1, 9));
    await vi.waitFor(() => expect(log.getState().total).toBe(9));
    getLogHistory.mockImplementation(async () => records(1, 15));
    emit([record(14)]);
    await vi.waitFor(() => expect(seqs(log.getState().shown)).toEqual(seqs(records(1, 15))));
  });

  test('a long history is fetched in pages, newest first, and shown as it arrives', async () => {
    const all = records(1, 2_500);
    const pages: Array<number | undefined> = [];
    const { log, emit, getLogHistory } = logWith();
    await vi.waitFor(() => expect(getLogHistory).toHaveBeenCalled());
    getLogHistory.mockImplementation(async (query) => {
      pages.push(query?.before);
      expect(log.getState().olderInFile).toBe(0);
      return all.filter(({ seq }) => seq < (query?.before ?? Number.POSITIVE_INFINITY)).slice(-1_000);
    });
    emit(records(2_501, 2));
    await vi.waitFor(() => expect(log.getState().total).toBe(2_502));
    expect(seqs(log.getState().shown)).toEqual(seqs(records(1, 2_502)));
    expect(pages).toEqual([2_501, 1_501, 501]);
  });

  test('a history that the host has in part only is shown, and the rest is counted', async () => {
    const { log, emit, getLogHistory } = logWith(async () => []);
    await vi.waitFor(() => expect(getLogHistory).toHaveBeenCalled());
    getLogHistory.mockImplementation(async (query) =>
      records(51, 50).filter(({ seq }) => seq < (query?.before ?? 999)),
    );
    emit([record(101)]);
    await vi.waitFor(() => expect(log.getState().olderInFile).toBe(50));
    expect(seqs(log.getState().shown)).toEqual(seqs(records(51, 51)));
  });

  test('a gap is filled without fetching what is held already', async () => {
    const { log, emit, getLogHistory } = logWith(async () => records(1, 9));
    await vi.waitFor(() => expect(log.getState().total).toBe(9));
    getLogHistory.mockClear();
    getLogHistory.mockImplementation(async (query) => records(1, (query?.before ?? 99) - 1).slice(-4));
    emit([record(15)]);
    await vi.waitFor(() => expect(seqs(log.getState().shown)).toEqual(seqs(records(1, 15))));
    expect(getLogHistory.mock.calls).toEqual([[{ before: 15 }], [{ before: 11 }]]);
  });

  test('if the history cannot be loaded, the live records are shown', async () => {
    const { log, emit, getLogHistory } = logWith(async () => {
      throw new Error('no');
    });
    await vi.waitFor(() => expect(getLogHistory).toHaveBeenCalled());
    emit(records(1, 2));
    expect(log.getState().total).toBe(2);
  });

  test('H47 only the newest 100,000 records are kept, in the filtered list too', async () => {
    const { log, emit } = logWith();
    log.setFilter({ sides: new Set(['client']) });
    for (let first = 1; first <= 150_000; first += 100) {
      emit(records(first, 100).map((r) => (r.seq % 2 === 0 ? { ...r, side: 'client' as const } : r)));
    }
    const { shown, total } = log.getState();
    expect(total).toBe(MAX_RECORDS);
    expect(shown).toHaveLength(MAX_RECORDS / 2);
    expect(shown.at(0)?.seq).toBe(50_002);
    expect(shown.at(-1)?.seq).toBe(150_000);
    await vi.waitFor(() => expect(log.getState().olderInFile).toBe(50_000));
  });

  test('H47 a batch filters only its own records', () => {
    let reads = 0;
    const { log, emit } = logWith([], {
      searchedText(r) {
        reads++;
        return searchedText(r);
      },
    });
    const countReads = (work: () => void) => {
      reads = 0;
      work();
      return reads;
    };
    log.setFilter({ search: 'line' });
    for (let first = 1; first < MAX_RECORDS; first += 1_000) emit(records(first, 1_000));
    // 50 ms at 200 events a second, the highest rate.
    expect(countReads(() => emit(records(MAX_RECORDS + 1, 10)))).toBe(10);
    // The cheapest test is first: no text is read if the side does not pass.
    expect(countReads(() => log.setFilter({ sides: new Set(['client']) }))).toBe(0);
    expect(countReads(() => log.pause('button'))).toBe(0);
    expect(countReads(() => log.clear())).toBe(0);
  });

  test('new records are filtered, and only events that occur can be selected', () => {
    const { log, emit } = logWith();
    log.setFilter({ search: 'KEEP', minLevel: 'warn' });
    emit([
      record(1, { fields: { type: 'keep_me' }, level: 'error', event: 'ERROR' }),
      record(2, { fields: { type: 'keep_me' } }),
      record(3, { fields: { type: 'leave_me' }, level: 'error', event: 'AUDIO' }),
    ]);
    expect(seqs(log.getState().shown)).toEqual([1]);
    expect(log.getState().events).toEqual(['AUDIO', 'ERROR', 'WS_SEND']);
    log.setFilter({ search: '', minLevel: 'debug' });
    expect(log.getState().total).toBe(3);
    expect(seqs(log.getState().shown)).toEqual([1, 2, 3]);
  });

  test('a paused list does not change, and counts new records that match the filter', () => {
    const { log, emit } = logWith();
    emit(records(1, 5));
    log.pause('button');
    emit([record(6), record(7, { level: 'error' })]);
    expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4, 5]);
    expect(log.getState().newCount).toBe(2);
    log.setFilter({ minLevel: 'error' });
    expect(log.getState()).toMatchObject({ shown: EMPTY_LIST, newCount: 1, following: false });
    log.follow('button');
    expect(log.getState()).toMatchObject({ newCount: 0, following: true });
    expect(seqs(log.getState().shown)).toEqual([7]);
  });

  test('scrolling to the end resumes after a pause by scrolling, not after one by the button', () => {
    const { log } = logWith();
    log.pause('button');
    log.follow('scroll');
    expect(log.getState().following).toBe(false);
    log.follow('button');
    log.pause('scroll');
    log.follow('scroll');
    expect(log.getState().following).toBe(true);
  });

  test('cleared records stay cleared when the history contains them again', async () => {
    const { log, emit, getLogHistory } = logWith(records(1, 5));
    await vi.waitFor(() => expect(log.getState().total).toBe(5));
    log.clear();
    expect(log.getState()).toMatchObject({ total: 0, shown: EMPTY_LIST, cleared: true });
    getLogHistory.mockImplementation(async () => records(1, 9));
    emit([record(8)]);
    await vi.waitFor(() => expect(seqs(log.getState().shown)).toEqual([6, 7, 8, 9]));
  });

  describe('events of the window that the host has not recorded', () => {
    const unrecordedLine = (index: number, change: Partial<LogRecord> = {}) =>
      record(FIRST_UNRECORDED + index, { side: 'client', event: 'PRESS', time: 1_000_000 + index, ...change });

    test('come after the records, are filtered and counted', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(records(1, 2));
      setUnrecorded([unrecordedLine(0), unrecordedLine(1, { level: 'warn' })], 7);
      expect(seqs(log.getState().shown)).toEqual([1, 2, FIRST_UNRECORDED, FIRST_UNRECORDED + 1]);
      expect(log.getState()).toMatchObject({ total: 4, unrecorded: { count: 2, dropped: 7 } });
      expect(log.getState().events).toContain('PRESS');
      log.setFilter({ minLevel: 'warn' });
      expect(seqs(log.getState().shown)).toEqual([FIRST_UNRECORDED + 1]);
      log.setFilter({ minLevel: 'debug', sides: new Set(['server']) });
      expect(seqs(log.getState().shown)).toEqual([1, 2]);
    });

    test('are replaced by their records, without duplicates', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(records(1, 2));
      setUnrecorded([unrecordedLine(0), unrecordedLine(1)]);
      emit([record(3, { side: 'client', event: 'PRESS' })]);
      setUnrecorded([unrecordedLine(1)]);
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, FIRST_UNRECORDED + 1]);
      emit([record(4, { side: 'client', event: 'PRESS' })]);
      setUnrecorded([]);
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4]);
      expect(log.getState().total).toBe(4);
    });

    test('do not change in a paused list; new ones and those that were recorded are counted', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(records(1, 2));
      const first = unrecordedLine(0);
      setUnrecorded([first]);
      log.pause('button');
      setUnrecorded([first, unrecordedLine(1)]);
      expect(seqs(log.getState().shown)).toEqual([1, 2, FIRST_UNRECORDED]);
      expect(log.getState().newCount).toBe(1);
      emit([record(3, { side: 'client' }), record(4, { side: 'client' })]);
      setUnrecorded([]);
      expect(seqs(log.getState().shown)).toEqual([1, 2]);
      expect(log.getState().newCount).toBe(2);
      log.follow('button');
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4]);
    });

    test('can be cleared like records, and later ones are shown', () => {
      const { log, setUnrecorded } = logWith();
      setUnrecorded([unrecordedLine(0)]);
      log.clear();
      expect(log.getState()).toMatchObject({ shown: EMPTY_LIST, total: 0, cleared: true });
      setUnrecorded([unrecordedLine(0), unrecordedLine(1)]);
      expect(seqs(log.getState().shown)).toEqual([FIRST_UNRECORDED + 1]);
    });
  });

  describe('search', () => {
    const withText = (seq: number, text: string) => record(seq, { fields: { text } });
    const lines = [withText(1, 'one'), withText(2, 'two'), withText(3, 'one more'), withText(4, 'ONE')];

    test('shows only the lines that match, and goes from one to the next and around the ends', () => {
      const { log, emit } = logWith();
      emit(lines);
      log.setFilter({ search: 'one' });
      expect(seqs(log.getState().shown)).toEqual([1, 3, 4]);
      expect(log.getState().search).toEqual({ words: ['one'], count: 3, current: null, position: 0 });
      expect([log.findNext(), log.findNext(), log.findNext(), log.findNext()]).toEqual([1, 3, 4, 1]);
      expect(log.getState().search).toMatchObject({ current: 1, position: 1 });
      expect([log.findPrevious(), log.findPrevious()]).toEqual([4, 3]);
      expect([log.findNext(2), log.findPrevious(2), log.findNext(3), log.findPrevious(3)]).toEqual([3, 1, 4, 1]);
    });

    test('without "only matches" all lines are shown, and matches are counted and found', () => {
      const { log, emit } = logWith();
      emit(lines);
      log.setFilter({ search: 'one', onlyMatches: false });
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4]);
      expect(log.getState().search.count).toBe(3);
      expect(log.findPrevious()).toBe(4);
      emit([withText(5, 'two'), withText(6, 'one')]);
      expect(log.getState().search).toMatchObject({ count: 4, current: 4, position: 3 });
      expect([log.findNext(), log.findNext()]).toEqual([6, 1]);
    });

    test('finds lines that the host has not recorded', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(lines);
      setUnrecorded([withText(FIRST_UNRECORDED, 'one')]);
      log.setFilter({ search: 'one' });
      expect(log.getState().search.count).toBe(4);
      expect(log.findPrevious()).toBe(FIRST_UNRECORDED);
    });

    test('another search forgets a match that is none any more', () => {
      const { log, emit } = logWith();
      emit(lines);
      log.setFilter({ search: 'one' });
      log.findNext();
      log.setFilter({ search: 'two' });
      expect(log.getState().search).toEqual({ words: ['two'], count: 1, current: null, position: 0 });
      log.setFilter({ search: 'nowhere' });
      expect(log.findNext()).toBeNull();
    });
  });

  test('a filter over many records shows the newest first, takes new ones meanwhile, and a later filter replaces it', () => {
    const { log, emit, clock, waiting, runSlices } = logWith([], {
      searchedText(r) {
        clock.ms += 0.01;
        return searchedText(r);
      },
    });
    emit(records(1, 20_000).map((r) => ({ ...r, fields: { text: r.seq % 2 === 0 ? 'even' : 'odd' } })));
    log.setFilter({ search: 'even' });
    const first = log.getState();
    expect(first).toMatchObject({ filtering: true, total: 20_000 });
    expect(first.shown.at(-1)?.seq).toBe(20_000);
    expect(first.shown.length).toBeGreaterThan(100);
    expect(first.shown.length).toBeLessThan(2_000);
    emit([record(20_001, { fields: { text: 'odd' } }), record(20_002, { fields: { text: 'even' } })]);
    expect(log.getState().shown.at(-1)?.seq).toBe(20_002);
    log.setFilter({ search: 'odd' });
    expect(waiting).toHaveLength(1);
    runSlices();
    expect(log.getState().filtering).toBe(false);
    expect(seqs(log.getState().shown)).toEqual(Array.from({ length: 10_001 }, (_, i) => 2 * i + 1));
  });

  test('records of a session are found by the start of its key, and again when keys change', () => {
    const keys = new Map([[2, 'abcd-1']]);
    const { log, emit } = logWith([], { keyOf: ({ seq }) => keys.get(seq) });
    emit(records(1, 4));
    log.setFilter({ session: 'abcd' });
    expect(seqs(log.getState().shown)).toEqual([2]);
    keys.set(3, 'abcd-1');
    log.refilter();
    expect(seqs(log.getState().shown)).toEqual([2, 3]);
  });

  test('technical lines are left out and counted', () => {
    const { log, emit } = logWith([], { isPlain: ({ seq }) => seq % 3 === 0 });
    emit(records(1, 6));
    log.setFilter({ plain: true });
    expect(seqs(log.getState().shown)).toEqual([3, 6]);
    expect(log.getState()).toMatchObject({ technical: 4, total: 6 });
    emit(records(7, 3));
    expect(log.getState()).toMatchObject({ technical: 6, total: 9 });
    log.setFilter({ search: 'nowhere' });
    expect(log.getState()).toMatchObject({ technical: 0, shown: EMPTY_LIST });
  });

  describe('undoing a clear', () => {
    test('shows the cleared lines again, before those that arrived since', () => {
      const { log, emit } = logWith();
      emit(records(1, 3));
      log.clear();
      emit(records(4, 2));
      expect(log.getState()).toMatchObject({ canUndoClear: true, cleared: true });
      log.undoClear();
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4, 5]);
      expect(log.getState()).toMatchObject({ canUndoClear: false, cleared: false });
      log.undoClear();
      expect(log.getState().total).toBe(5);
    });

    test('only the last clear can be undone', () => {
      const { log, emit } = logWith();
      emit(records(1, 3));
      log.clear();
      emit(records(4, 2));
      log.clear();
      log.undoClear();
      expect(seqs(log.getState().shown)).toEqual([4, 5]);
      expect(log.getState().cleared).toBe(true);
    });

    test('shows unrecorded lines again that are still not recorded', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(records(1, 1));
      setUnrecorded([record(FIRST_UNRECORDED), record(FIRST_UNRECORDED + 1)]);
      log.clear();
      setUnrecorded([record(FIRST_UNRECORDED + 1)]);
      log.undoClear();
      expect(seqs(log.getState().shown)).toEqual([1, FIRST_UNRECORDED + 1]);
    });

    test('is not possible any more when as many newer lines are held', () => {
      const { log, emit } = logWith();
      emit(records(1, 3));
      log.clear();
      emit(records(4, MAX_RECORDS));
      expect(log.getState().canUndoClear).toBe(false);
    });

    test('a paused list stays paused', () => {
      const { log, emit } = logWith();
      emit(records(1, 3));
      log.pause('button');
      emit(records(4, 1));
      log.clear();
      log.undoClear();
      expect(log.getState()).toMatchObject({ following: false, newCount: 1 });
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3]);
    });
  });

  describe('a file', () => {
    test('is shown, filtered and searched instead of the live log, which goes on arriving', () => {
      const { log, emit, setUnrecorded } = logWith();
      emit(records(1, 3));
      log.openFile('a.jsonl', [record(7, { event: 'ERROR', fields: { text: 'seven' } }), record(9)], {
        count: 4,
        firstLines: [2, 5],
      });
      expect(log.getState()).toMatchObject({
        file: { name: 'a.jsonl', count: 2, malformed: { count: 4, firstLines: [2, 5] } },
        total: 2,
        following: false,
        events: ['ERROR', 'WS_SEND'],
      });
      emit(records(4, 2));
      setUnrecorded([record(FIRST_UNRECORDED)]);
      expect(seqs(log.getState().shown)).toEqual([7, 9]);
      log.setFilter({ search: 'seven' });
      expect(seqs(log.getState().shown)).toEqual([7]);
      expect(log.findNext()).toBe(7);
      log.setFilter({ search: '' });
      log.closeFile();
      expect(log.getState()).toMatchObject({ file: null, following: true, events: ['WS_SEND'] });
      expect(seqs(log.getState().shown)).toEqual([1, 2, 3, 4, 5, FIRST_UNRECORDED]);
    });

    test('with several launches keeps its order', () => {
      const { log } = logWith();
      log.openFile('two.jsonl', [
        record(1, { fields: { text: 'a' } }),
        record(2, { fields: { text: 'b' } }),
        record(1, { fields: { text: 'c' } }),
      ]);
      expect(Array.from(log.getState().shown, ({ seq, fields }) => `${seq}${fields.text}`)).toEqual(['1a', '2b', '3c']);
    });

    test('neither pausing nor clearing changes it', () => {
      const { log, emit } = logWith();
      emit(records(1, 3));
      log.pause('button');
      log.openFile('a.jsonl', records(1, 2));
      log.follow('button');
      log.clear();
      expect(log.getState().total).toBe(2);
      log.closeFile();
      expect(log.getState()).toMatchObject({ following: false, total: 0 });
    });
  });

  test('dispose unsubscribes', () => {
    const { log, emit } = logWith();
    log.dispose();
    emit(records(1, 2));
    expect(log.getState().total).toBe(0);
  });

  test('warnings and errors are counted once, from when the window was opened until the log is seen', async () => {
    const warn = (seq: number) => record(seq, { level: 'warn' });
    const { log, emit, getLogHistory } = logWith([warn(1), record(2), warn(3)]);
    await vi.waitFor(() => expect(log.getState().total).toBe(3));
    expect(log.getState().unseenWarnings).toBe(0);
    emit([warn(4), record(5), record(6, { level: 'error' })]);
    emit([warn(4)]);
    expect(log.getState().unseenWarnings).toBe(2);
    log.seeWarnings();
    emit([warn(7)]);
    expect(log.getState().unseenWarnings).toBe(1);
    expect(getLogHistory).toHaveBeenCalledTimes(1);
  });

  test('a warning that arrives before the history is counted', async () => {
    let answer = (_: LogRecord[]) => {};
    const { log, emit } = logWith(() => new Promise((resolve) => (answer = resolve)));
    emit([record(3, { level: 'warn' })]);
    answer([record(1, { level: 'warn' }), record(2), record(3, { level: 'warn' })]);
    await vi.waitFor(() => expect(log.getState().total).toBe(3));
    expect(log.getState().unseenWarnings).toBe(1);
  });
});
