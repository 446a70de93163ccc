import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord, LogSide } from '../../../shared/log-event.ts';
import { FIRST_UNRECORDED } from '../../state/unrecorded.ts';
import { record } from '../../testing/fakes.ts';
import { audioTotals } from './audio-totals.ts';
import { createRowBuilder, type RowOptions } from './log-rows.ts';
import { type Records, type Rows, sideOf } from './row-list.ts';

/** An AUDIO line as the log writes it: measurements from the server, counts from the client. */
function audio(seq: number, side: LogSide, session = 's1', more: Record<string, number | string> = {}) {
  const fields =
    side === 'server'
      ? { session, frames: 50, seconds: 1, peak_dbfs: -20 - seq, ...more }
      : { session, frames: 50, through: seq, acknowledged: seq, ...more };
  return record(seq, { side, event: 'AUDIO', fields });
}

const COMBINED: RowOptions = { choice: 'all', combined: true, expanded: new Set() };
const rowsOf = (log: Records, options = COMBINED) => createRowBuilder()(log, options).toArray();
const idsOf = (rows: ReturnType<typeof rowsOf>) => rows.map(({ id, records }) => [id, records.length]);

describe('audio rows', () => {
  test('AUDIO lines of both sides share a row until another event is logged', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server'), record(4), audio(5, 'server')];
    const rows = rowsOf(log);
    expect(idsOf(rows)).toEqual([
      [0.5, 3],
      [4, 1],
      [4.5, 1],
    ]);
    expect(rows.map(sideOf)).toEqual(['both', 'server', 'server']);
  });

  test('the row’s ID does not change when lines are added', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server')];
    const ids = log.map((_, i) => rowsOf(log.slice(0, i + 1))[0]?.id);
    expect(new Set(ids)).toEqual(new Set([0.5]));
  });

  test('simultaneous sessions have a row each', () => {
    const log = [audio(1, 'server', 'a'), audio(2, 'server', 'b'), audio(3, 'client', 'a'), audio(4, 'client', 'b')];
    expect(rowsOf(log).map(({ records }) => records.map(({ seq }) => seq))).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('an expanded row is followed by its lines', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), record(3)];
    expect(rowsOf(log, { ...COMBINED, expanded: new Set([0.5]) }).map(({ id }) => id)).toEqual([0.5, 1, 2, 3]);
  });

  test('an AUDIO line with a warning has its own row', () => {
    const log = [audio(1, 'server'), { ...audio(2, 'server'), level: 'warn' as const }, audio(3, 'server')];
    expect(rowsOf(log).map(({ kind }) => kind)).toEqual(['audio', 'line', 'audio']);
  });

  test('without combining, each line has a row', () => {
    const log = [audio(1, 'server'), audio(2, 'client')];
    expect(idsOf(rowsOf(log, { ...COMBINED, combined: false }))).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

describe('rows of one list after another', () => {
  /** Counts how often a list is read. */
  function counted(log: readonly LogRecord[]): Records & { reads: number } {
    return {
      reads: 0,
      length: log.length,
      at(index) {
        this.reads += 1;
        return log.at(index);
      },
      slice(from) {
        this.reads += log.length - from;
        return log.slice(from);
      },
    };
  }
  const many = Array.from({ length: 10_000 }, (_, i) => record(i + 1));

  test('without combining, only the rows that are asked for are read', () => {
    const list = counted(many);
    const rows = createRowBuilder()(list, { ...COMBINED, combined: false });
    expect([rows.length, rows.at(7)?.id, rows.at(-1), rows.at(10_000)]).toEqual([10_000, 8, undefined, undefined]);
    expect([rows.indexOf(9_000), rows.indexOf(8.5)]).toEqual([8_999, -1]);
    expect(list.reads).toBeLessThan(50);
  });

  test('records that were added at the end are read alone', () => {
    const rowsOf = createRowBuilder();
    rowsOf(many, COMBINED);
    const longer = counted([...many, record(10_001)]);
    expect(rowsOf(longer, COMBINED).length).toBe(10_001);
    expect(longer.reads).toBeLessThan(50);
  });

  test('records that were dropped at the beginning are left out without reading the others', () => {
    const rowsOf = createRowBuilder();
    const before = rowsOf(many, COMBINED);
    const moved = counted([...many.slice(5), record(10_001), record(10_002)]);
    const after = rowsOf(moved, COMBINED);
    expect([after.at(0)?.id, after.at(after.length - 1)?.id, after.length]).toEqual([6, 10_002, 9_997]);
    expect(moved.reads).toBeLessThan(50);
    expect([before.at(0)?.id, before.length]).toEqual([1, 10_000]);
  });

  test('property: the rows are those that the list alone would have', () => {
    const lines = fc.array(fc.constantFrom('audio', 'other', 'second session'), { minLength: 1, maxLength: 40 });
    const steps = fc.array(fc.record({ add: fc.nat(5), drop: fc.nat(5), choice: fc.nat(1), open: fc.boolean() }));
    fc.assert(
      fc.property(lines, steps, (kinds, changes) => {
        const log = kinds.map((kind, i) =>
          kind === 'other' ? record(i + 1) : audio(i + 1, 'server', kind === 'audio' ? 'a' : 'b'),
        );
        const rowsOf = createRowBuilder();
        const expandedSets = [new Set<number>(), new Set(log.map(({ seq }) => seq - 0.5))];
        let from = 0;
        let to = 1;
        for (const { add, drop, choice, open } of changes) {
          to = Math.min(log.length, to + add);
          from = Math.min(to, from + drop);
          const list = log.slice(from, to).filter(({ seq }) => choice === 0 || seq % 2 === 0);
          const options = { choice, combined: true, expanded: expandedSets[Number(open)] as Set<number> };
          const first = list[0]?.seq ?? Number.POSITIVE_INFINITY;
          // A combined row stays whole until the last of its lines is dropped.
          const shown = (rows: Rows) =>
            rows
              .toArray()
              .flatMap(({ kind, records }) => records.map(({ seq }) => `${kind} ${seq}`))
              .filter((line) => Number(line.split(' ')[1]) >= first)
              // Its place is that of its first line, also after that was dropped.
              .sort();
          expect(shown(rowsOf(list, options))).toEqual(shown(createRowBuilder()(list, options)));
        }
      }),
    );
  });

  test('an unrecorded event that was recorded has another place', () => {
    const rowsOf = createRowBuilder();
    const [first, second] = [FIRST_UNRECORDED, FIRST_UNRECORDED + 1];
    rowsOf([record(1), record(first), record(second)], COMBINED);
    const after = rowsOf([record(1), record(2), record(second)], COMBINED);
    expect(after.toArray().map(({ id }) => id)).toEqual([1, 2, second]);
  });

  test('a row is found by its ID, also one of audio that may still grow', () => {
    const rows = createRowBuilder()([record(1), audio(2, 'server')], COMBINED);
    expect([rows.indexOf(1), rows.indexOf(1.5), rows.indexOf(7)]).toEqual([0, 1, -1]);
  });
});

describe('the totals of an audio row', () => {
  const totals = (log: Parameters<typeof audioTotals>[0]) =>
    Object.fromEntries(audioTotals(log).map(({ name, value }) => [name, value]));

  test('are the seconds that the server received, their highest peak in words, and the frames of both sides', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server'), audio(4, 'client')];
    expect(totals(log)).toEqual({
      length: '2.0\u00a0s',
      level: '−21.0\u00a0dBFS (good level)',
      'frames sent': '100',
      'frames received': '100',
    });
  });

  test('have the missing audio and the duplicate frames', () => {
    expect(totals([audio(1, 'server', 's1', { missing: 25, duplicates: 3 })])).toMatchObject({
      missing: '0.5\u00a0s',
      duplicates: '3',
    });
  });

  test('are what the client sent if there are no lines of the server; silence is named', () => {
    expect(totals([audio(1, 'client'), audio(2, 'client')])).toEqual({ length: '2.0\u00a0s', 'frames sent': '100' });
    expect(totals([audio(1, 'server', 's1', { peak_dbfs: 'silence' })]).level).toBe('silence');
  });
});
