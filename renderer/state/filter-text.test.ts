import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName } from '../../shared/log-catalogue.ts';
import { FilterTextError, formatFilter, isFilterText, parseFilter, type SharedFilter } from './filter-text.ts';
import { EVERYTHING, LOG_LEVELS, LOG_SIDES } from './log-filter.ts';
import { searchWords } from './log-words.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

const anyFilter: fc.Arbitrary<SharedFilter> = fc.record({
  sides: fc.subarray([...LOG_SIDES]).map((sides) => new Set(sides)),
  minLevel: fc.constantFrom(...LOG_LEVELS),
  event: fc.option(fc.constantFrom(...EVENTS)),
  session: fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)),
  search: fc.oneof(
    fc.string({ maxLength: 30 }),
    fc
      .array(fc.constantFrom('word', '"two words"', 'level:warn', '"side:app"', 'ws://127.0.0.1:5', '|', '"', '  '))
      .map((parts) => parts.join(' ')),
  ),
});

describe('filter text', () => {
  test('a filter is written as it is said', () => {
    const filter = {
      ...EVERYTHING,
      session: '1a2b3c4d',
      sides: new Set(['client', 'server'] as const),
      minLevel: 'warn',
      event: 'WS_CONNECT',
      search: '"two words" one',
    } as const;
    const text = 'session:1a2b3c4d side:server,client level:warn event:WS_CONNECT "two words" one';
    expect(formatFilter(filter)).toBe(text);
    expect(formatFilter(EVERYTHING)).toBe('');
    expect(formatFilter({ ...EVERYTHING, sides: new Set() })).toBe('side:none');
    expect(formatFilter({ ...EVERYTHING, search: '"level:warn"' })).toBe('"level:warn"');
  });

  test('any filter that was written is read as the same filter', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const read = parseFilter(formatFilter(filter));
        const { search, ...rest } = filter;
        expect(read).toMatchObject(rest);
        expect(searchWords(read.search)).toEqual(searchWords(search));
        expect(formatFilter(read)).toBe(formatFilter(filter));
      }),
    );
  });

  test('any text is read, or refused with the part that is wrong', () => {
    const piece = fc.oneof(
      fc.constantFrom('session:', 'side:', 'level:', 'event:', 'SIDE:App', 'level:warn', 'event:press', '"', ' ', ','),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterTextError);
          expect(text).toContain((error as FilterTextError).part);
        }
      }),
    );
  });

  test.each([
    ['side:nowhere', 'side', 'side:nowhere'],
    ['words side:server,', 'side', 'side:server,'],
    ['level:loud', 'level', 'level:loud'],
    ['level:', 'level', 'level:'],
    ['event:NOTHING x', 'event', 'event:NOTHING'],
    ['event:toString', 'event', 'event:toString'],
    ['session:', 'session', 'session:'],
    ['session:a/b', 'session', 'session:a/b'],
    ['level:warn level:info', 'repeated', 'level:info'],
  ])('%j is refused because of its %s', (text, problem, part) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'bad_filter', problem, part }));
  });

  test('names may be written in any case, and other words with a colon are words', () => {
    expect(parseFilter('Level:WARN event:ws_connect SIDE:App')).toMatchObject({
      minLevel: 'warn',
      event: 'WS_CONNECT',
      sides: new Set(['app']),
    });
    expect(parseFilter('ws://127.0.0.1:5 "level:warn"')).toEqual({
      ...parseFilter(''),
      search: 'ws://127.0.0.1:5 "level:warn"',
    });
  });

  test.each([
    ['level:warn', true],
    ['words session:1', true],
    ['"level:warn"', false],
    ['ws://127.0.0.1', false],
    ['', false],
  ])('whether %j is a filter text: %j', (text, expected) => {
    expect(isFilterText(text)).toBe(expected);
  });
});
