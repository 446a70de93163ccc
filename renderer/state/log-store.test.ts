import { describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../shared/log-event.ts';
import { fakeBridge, record, records } from '../testing/fakes.ts';
import type { Unrecorded } from './log-outbox.ts';
import { createLogStore } from './log-store.ts';
import { MAX_RECORDS } from './log-window.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

const seqs = (list: readonly LogRecord[]) => list.map(({ seq }) => seq);

function logWith(history: LogRecord[] | (() => Promise<LogRecord[]>) = []) {
  const getLogHistory = vi.fn(typeof history === 'function' ? history : async () => history);
  const { bridge, emit } = fakeBridge({ getLogHistory });
  let unrecorded: Unrecorded = { lines: [], dropped: 0 };
  let onChange = () => {};
  const log = createLogStore(bridge, {
    unrecorded: () => unrecorded,
    subscribe(listener) {
      onChange = listener;
      return () => undefined;
    },
  });
  /** Sets the events of the window that the host has not recorded. */
  const setUnrecorded = (lines: LogRecord[], dropped = 0) => {
    unrecorded = { lines, dropped };
    onChange();
  };
  return { log, setUnrecorded, getLogHistory, emit: (batch: LogRecord[]) => emit('onLogRecords', batch) };
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

  test('if the history cannot be loaded, the live records are shown', async () => {
    const { log, emit, getLogHistory } = logWith(async () => {
      throw new Error('no');
    });
    await vi.waitFor(() => expect(getLogHistory).toHaveBeenCalled());
    emit(records(1, 2));
    expect(log.getState().total).toBe(2);
  });

  test('H47 only the newest 10,000 of 100,000 records are kept, in the filtered list too', () => {
    const { log, emit } = logWith();
    log.setFilter({ sides: new Set(['client']) });
    for (let first = 1; first <= 100_000; first += 10) {
      emit(records(first, 10).map((r) => (r.seq % 2 === 0 ? { ...r, side: 'client' as const } : r)));
    }
    const { shown, total } = log.getState();
    expect(total).toBe(MAX_RECORDS);
    expect(shown).toHaveLength(MAX_RECORDS / 2);
    expect(shown[0]?.seq).toBe(90_002);
    expect(shown.at(-1)?.seq).toBe(100_000);
  });

  test('H47 a batch filters only its own records, and a new filter reads each record once', () => {
    let reads = 0;
    const watched = (first: number, count: number) =>
      records(first, count).map((r) => ({
        ...r,
        get fields() {
          reads++;
          return r.fields;
        },
      }));
    const countReads = (work: () => void) => {
      reads = 0;
      work();
      return reads;
    };
    const { log, emit } = logWith();
    log.setFilter({ search: 'line' });
    expect(countReads(() => emit(watched(1, 10)))).toBe(10);
    for (let first = 11; first < 20_001; first += 10) emit(watched(first, 10));
    expect(log.getState().total).toBe(MAX_RECORDS);
    // 50 ms at 200 events a second, the highest rate.
    expect(countReads(() => emit(watched(20_001, 10)))).toBe(10);
    expect(countReads(() => log.setFilter({ search: 'LINE 2' }))).toBe(MAX_RECORDS);
    expect(countReads(() => log.setFilter({ search: 'nowhere' }))).toBe(MAX_RECORDS);
    // The cheapest test is first: no text is composed if the side does not pass.
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
    expect(log.getState()).toMatchObject({ shown: [], newCount: 1, following: false });
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
    expect(log.getState()).toMatchObject({ total: 0, shown: [], cleared: true });
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
      expect(log.getState()).toMatchObject({ shown: [], total: 0, cleared: true });
      setUnrecorded([unrecordedLine(0), unrecordedLine(1)]);
      expect(seqs(log.getState().shown)).toEqual([FIRST_UNRECORDED + 1]);
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
