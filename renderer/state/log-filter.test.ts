import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { sessionOf } from '../../shared/log-line.ts';
import { record } from '../testing/fakes.ts';
import { compileFilter, EVERYTHING, isEverything, LOG_LEVELS, LOG_SIDES, type LogFilter } from './log-filter.ts';
import { searchedText } from './searched-text.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

/** 100,000 records with every combination of side, level and event. */
function manyRecords(): LogRecord[] {
  return Array.from({ length: 100_000 }, (_, i) =>
    record(i + 1, {
      side: LOG_SIDES[i % 3] ?? 'app',
      level: LOG_LEVELS[i % 4] ?? 'info',
      event: EVENTS[i % EVENTS.length] ?? 'ERROR',
      fields: { session: `S${(i * 7919) % 997}`, line: i },
    }),
  );
}

const filterLog = (all: readonly LogRecord[], filter: LogFilter) => {
  const { verdictOf } = compileFilter(filter, {
    keyOf: sessionOf,
    searchedText,
    isPlain: ({ event }) => event !== 'AUDIO',
  });
  return all.filter((r) => ['line', 'match'].includes(verdictOf(r)));
};

/** A straightforward implementation to compare with. */
function passes(r: LogRecord, { sides, minLevel, event, session, search, onlyMatches, plain }: LogFilter): boolean {
  if (!sides.has(r.side)) return false;
  if (LOG_LEVELS.indexOf(r.level) < LOG_LEVELS.indexOf(minLevel)) return false;
  if (event !== null && r.event !== event) return false;
  if (session !== null && !(sessionOf(r) ?? '').startsWith(session)) return false;
  if (plain && r.event === 'AUDIO') return false;
  if (!onlyMatches) return true;
  const searchWords = search.toUpperCase().match(/[^\s|]+/g) ?? [];
  return searchWords.every((word) => searchedText(r).toUpperCase().includes(word));
}

const anyFilter: fc.Arbitrary<LogFilter> = fc.record({
  sides: fc.subarray([...LOG_SIDES]).map((sides) => new Set(sides)),
  minLevel: fc.constantFrom(...LOG_LEVELS),
  event: fc.option(fc.constantFrom(...EVENTS)),
  session: fc.constantFrom(null, 'S5', 'S12', 'x'),
  onlyMatches: fc.boolean(),
  plain: fc.boolean(),
  search: fc.constantFrom('', '  ', 'session=s12', 'LINE 9', ' line 77 ', '77 SESSION | line', 'nowhere', '.*'),
});

describe('log filter', () => {
  const all = manyRecords();

  test('H47 every combination of filters passes exactly the matching records of 100,000, in order', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(filterLog(all, filter)).toEqual(all.filter((r) => passes(r, filter)));
      }),
      { numRuns: 25 },
    );
  });

  test('without a filter all records pass and none is read', () => {
    const before = JSON.stringify(all.slice(0, 50));
    expect(filterLog(all, EVERYTHING)).toEqual(all);
    expect(JSON.stringify(all.slice(0, 50))).toBe(before);
  });

  test('search finds words in any order', () => {
    const line = record(1, { event: 'WS_SEND', fields: { session: 'abc', event: 'connected', attempt: 1 } });
    for (const search of ['WS_SEND event=connected', 'attempt=1 abc', 'WS_SEND | session=abc', ' | ']) {
      expect(filterLog([line], { ...EVERYTHING, search })).toEqual([line]);
    }
    expect(filterLog([line], { ...EVERYTHING, search: 'WS_SEND event=pong' })).toEqual([]);
  });

  test('search text is not a regular expression', () => {
    const lines = [record(1, { fields: { detail: 'a.*b' } }), record(2, { fields: { detail: 'axxb' } })];
    expect(filterLog(lines, { ...EVERYTHING, search: '.*' })).toEqual([lines[0]]);
  });

  test('quoted words are found together', () => {
    const line = record(1, { fields: { detail: 'one two three' } });
    expect(filterLog([line], { ...EVERYTHING, search: '"two three" one' })).toEqual([line]);
    expect(filterLog([line], { ...EVERYTHING, search: '"one three"' })).toEqual([]);
  });

  test('a search of only spaces filters nothing', () => {
    expect(isEverything({ ...EVERYTHING, search: '   ' })).toBe(true);
    expect(isEverything({ ...EVERYTHING, sides: new Set(['app']) })).toBe(false);
  });
});
