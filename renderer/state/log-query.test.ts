import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { record, records } from '../testing/fakes.ts';
import type { CompiledFilter, Verdict } from './log-filter.ts';
import { EMPTY_LIST, listOf } from './log-list.ts';
import { createLogQuery, type LogQuery, type QueryOptions } from './log-query.ts';

const seqs = (list: Iterable<{ seq: number }>) => Array.from(list, ({ seq }) => seq);

/** A filter whose verdict depends on the number of the record. */
function filterBy(verdictOf: (seq: number) => Verdict): CompiledFilter {
  return { passesAll: false, verdictOf: ({ seq }) => verdictOf(seq) };
}

const FILTERS: readonly CompiledFilter[] = [
  { passesAll: true, verdictOf: () => 'line' },
  filterBy((seq) => (seq % 3 === 0 ? 'match' : 'out')),
  filterBy((seq) => (seq % 2 === 0 ? 'match' : seq % 5 === 0 ? 'technical' : 'line')),
  filterBy((seq) => (seq % 7 === 0 ? 'technical' : 'out')),
  filterBy(() => 'out'),
];

/** A query whose slices the test runs. Each look at the clock takes as long as `step` says. */
function queryWith(options: Partial<QueryOptions> = {}) {
  const waiting: Array<() => void> = [];
  const clock = { ms: 0, step: 0 };
  const onChange = vi.fn();
  const query = createLogQuery({
    filter: FILTERS[0] as CompiledFilter,
    records: EMPTY_LIST,
    max: 100_000,
    onChange,
    later(work) {
      waiting.push(work);
      return () => {
        const at = waiting.indexOf(work);
        if (at !== -1) waiting.splice(at, 1);
      };
    },
    now: () => (clock.ms += clock.step),
    ...options,
  });
  const runSlice = () => waiting.shift()?.();
  const runAll = () => {
    while (waiting.length > 0) runSlice();
  };
  return { query, clock, waiting, runSlice, runAll, onChange };
}

function expectResult(query: LogQuery, filter: CompiledFilter): void {
  const verdicts = query
    .records()
    .toArray()
    .map((line) => ({ seq: line.seq, verdict: filter.verdictOf(line) }));
  const { shown, matches, technical } = query.result();
  expect(seqs(shown)).toEqual(seqs(verdicts.filter(({ verdict }) => verdict === 'line' || verdict === 'match')));
  expect(seqs(matches)).toEqual(seqs(verdicts.filter(({ verdict }) => verdict === 'match')));
  expect(technical).toBe(verdicts.filter(({ verdict }) => verdict === 'technical').length);
}

/** What may happen to a query, one after the other. */
const anyStep = fc.oneof(
  fc.record({ what: fc.constant('append' as const), count: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ what: fc.constant('insert' as const), at: fc.integer({ min: 1, max: 6_000 }), count: fc.nat(500) }),
  fc.record({ what: fc.constantFrom('filter' as const, 'update' as const), filter: fc.nat(FILTERS.length - 1) }),
  fc.record({ what: fc.constant('slice' as const) }),
);

describe('log query', () => {
  test('whatever happens while it runs, the result is that of filtering the records that are held', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const { query, clock, runSlice, runAll } = queryWith({ max: 2_500 });
        clock.step = 2;
        let filter = FILTERS[0] as CompiledFilter;
        for (const step of steps) {
          const last = query.records().at(-1)?.seq ?? 3_000;
          if (step.what === 'append') query.add(records(last + 1, step.count));
          else if (step.what === 'insert') query.add(records(step.at, step.count));
          else if (step.what === 'slice') runSlice();
          else {
            filter = FILTERS[step.filter] as CompiledFilter;
            if (step.what === 'filter') query.setFilter(filter);
            else query.updateFilter(filter);
          }
          expect(query.records().length).toBeLessThanOrEqual(2_500);
        }
        runAll();
        expect(query.isRunning()).toBe(false);
        expectResult(query, filter);
      }),
      { numRuns: 150 },
    );
  });

  test('reads the newest records first, in slices', () => {
    const { query, clock, runAll, onChange } = queryWith({ records: listOf(records(1, 5_000)) });
    clock.step = 3;
    query.setFilter(FILTERS[1] as CompiledFilter);
    expect(query.isRunning()).toBe(true);
    const { shown } = query.result();
    expect(shown.at(-1)?.seq).toBe(4_998);
    expect(shown.length).toBeLessThan(500);
    expect(onChange).not.toHaveBeenCalled();
    runAll();
    expectResult(query, FILTERS[1] as CompiledFilter);
  });

  test('shows partial results at most every 50 ms, and the complete one', () => {
    const { query, clock, runAll, waiting, onChange } = queryWith({ records: listOf(records(1, 20_000)) });
    clock.step = 3;
    query.setFilter(FILTERS[1] as CompiledFilter);
    const shownAt: number[] = [clock.ms];
    onChange.mockImplementation(() => shownAt.push(clock.ms));
    runAll();
    expect(waiting).toEqual([]);
    expect(shownAt.length).toBeGreaterThan(2);
    const gaps = shownAt.slice(1, -1).map((at, i) => at - (shownAt[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
    expectResult(query, FILTERS[1] as CompiledFilter);
  });

  test('an update keeps the old result until the new one is complete', () => {
    const { query, clock, runSlice, runAll } = queryWith({ records: listOf(records(1, 5_000)) });
    query.setFilter(FILTERS[1] as CompiledFilter);
    const before = query.result();
    clock.step = 3;
    query.updateFilter(FILTERS[2] as CompiledFilter);
    runSlice();
    expect(query.isRunning()).toBe(true);
    expect(query.result()).toBe(before);
    runAll();
    expectResult(query, FILTERS[2] as CompiledFilter);
  });

  test('with only matches shown, both lists are the same', () => {
    const { query } = queryWith({ records: listOf(records(1, 100)) });
    query.setFilter(FILTERS[1] as CompiledFilter);
    query.add(records(101, 10));
    const { shown, matches } = query.result();
    expect(shown).toBe(matches);
  });

  test('a copy goes on by itself, and a disposed query stops', () => {
    const { query, clock, runAll, waiting } = queryWith({ records: listOf(records(1, 5_000)) });
    clock.step = 3;
    query.setFilter(FILTERS[1] as CompiledFilter);
    const copy = query.copy(() => undefined);
    query.add([record(6_000)]);
    query.dispose();
    expect(waiting).toHaveLength(1);
    runAll();
    expect(copy.records().length).toBe(5_000);
    expectResult(copy, FILTERS[1] as CompiledFilter);
  });
});
