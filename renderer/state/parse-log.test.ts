import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { CATALOGUE, type LoggedEventName, LogLevel } from '../../shared/log-catalogue.ts';
import { type LogRecord, LogSide } from '../../shared/log-event.ts';
import { composeRecord, toLine } from '../../shared/log-line.ts';
import { record, records } from '../testing/fakes.ts';
import { toJsonLines } from './log-text.ts';
import { MAX_LOG_FILE_BYTES, MAX_LOG_LINE, parseLog } from './parse-log.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

const parse = (...parts: BlobPart[]) => parseLog(new Blob(parts));
const EVENTS = Object.keys(CATALOGUE).filter((name) => name !== 'OTHER') as LoggedEventName[];

const anyRecords: fc.Arbitrary<LogRecord[]> = fc
  .array(
    fc.record({
      time: fc.double({ min: 0, max: 8.64e15, noNaN: true }).map((time) => time + 0),
      side: fc.constantFrom(...LogSide.options),
      level: fc.constantFrom(...LogLevel.options),
      event: fc.constantFrom(...EVENTS),
      fields: fc.dictionary(
        fc.constantFrom('session', 'url', 'ms', 'state', 'detail', 'resumed'),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.double({ noNaN: true }).map((n) => n + 0),
          fc.boolean(),
        ),
      ),
      window: fc.constant('abcd2345'),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((drafts) => drafts.map((draft, i) => composeRecord(draft, i + 5)));

describe('a log that was exported', () => {
  test('property: has the same records again', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, fc.nat(3), async (exported, waiting) => {
        const all = [
          ...exported.slice(0, exported.length - waiting),
          ...exported.slice(exported.length - waiting).map((line, i) => ({ ...line, seq: FIRST_UNRECORDED + i })),
        ].slice(0, exported.length);
        expect(await parse(toJsonLines(all))).toEqual({ records: all, malformed: { count: 0, firstLines: [] } });
      }),
    );
  });

  test('of an earlier version: its lines have fields, or their text', async () => {
    const old = records(1, 3).map((line) => ({ ...toLine(line), fields: undefined }));
    const { records: read } = await parse(old.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(read).toEqual(records(1, 3));
  });
});

describe('a file of Earshot', () => {
  test('with several launches keeps their order', async () => {
    const { records: read } = await parse(toJsonLines(records(1, 3)), toJsonLines(records(1, 2)));
    expect(read.map(({ seq, fields }) => [seq, fields.line])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 1],
      [5, 2],
    ]);
  });

  test('may have a byte order mark, Windows’ line ends, empty lines and no last line end', async () => {
    const [one = '', two = ''] = toJsonLines(records(1, 2)).split('\n');
    expect((await parse('\ufeff', one, '\r\n\r\n', two)).records).toEqual(records(1, 2));
  });

  test('characters that were cut by the end of a piece are whole', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) =>
      record(i + 1, { fields: { detail: `世界 🔌 ${'ü'.repeat(i % 7)}` } }),
    );
    expect((await parse(toJsonLines(lines))).records).toEqual(lines);
  });

  test('torn, foreign and endless lines are counted, the first with their numbers; the rest is read', async () => {
    const good = toJsonLines([record(1)]);
    const endless = `"${'x'.repeat(MAX_LOG_LINE * 3)}"\n`;
    const { records: read, malformed } = await parse(
      good,
      '{"seq":2,"time":17\n\n',
      endless,
      toJsonLines([record(2)]),
      'x\n',
    );
    expect(read).toEqual(records(1, 2));
    expect(malformed).toEqual({ count: 3, firstLines: [2, 4, 6] });
    const many = await parse(good, 'x\n'.repeat(2_000));
    expect(many.malformed.count).toBe(2_000);
    expect(many.malformed.firstLines).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('a file that is no log', () => {
  test.each([
    ['empty', ''],
    ['text', 'Dear diary,\nnothing happened.\n'],
    ['JSON', '{"recordings":[]}'],
    ['many lines', 'x\n'.repeat(100_000)],
    ['UTF-16', new Uint16Array([...toJsonLines([record(1)])].map((char) => char.charCodeAt(0)))],
  ])('%s: is refused with a sentence', async (_, content) => {
    await expect(parse(content)).rejects.toMatchObject({
      code: 'not_a_log',
      message: expect.stringContaining('earshot.log'),
    });
  });

  test('is not read to its end', async () => {
    const progress = vi.fn<(part: number) => void>();
    await expect(parseLog(new Blob(['x\n'.repeat(1_000_000)]), progress)).rejects.toThrow();
    expect(progress.mock.calls.length).toBeLessThan(2);
  });

  test('property: any text is refused or read, and nothing else is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom('\n', '{', '"'))),
        async (parts) => {
          const outcome = await parse(...parts).catch((error: unknown) => error);
          expect(outcome).toMatchObject(outcome instanceof Error ? { code: 'not_a_log' } : { malformed: {} });
        },
      ),
    );
  });
});

test('a file that is too large is not read', async () => {
  const slice = vi.fn();
  await expect(parseLog({ size: MAX_LOG_FILE_BYTES + 1, slice } as unknown as Blob)).rejects.toMatchObject({
    code: 'log_file_too_large',
  });
  expect(slice).not.toHaveBeenCalled();
});

test('a file that can’t be read, as one that was moved, is refused with a sentence', async () => {
  const gone = {
    size: 5,
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }),
  };
  await expect(parseLog(gone as unknown as Blob)).rejects.toMatchObject({ code: 'log_file_unreadable' });
});

test('H47 100,000 lines are read in slices of a few milliseconds, with progress, and can be cancelled', async () => {
  const lines = toJsonLines(records(1, 100_000));
  const file = new Blob([lines]);
  const progress: number[] = [];
  const later = vi.fn((work: () => void) => {
    work();
    return () => {};
  });
  /** A clock on which reading 8,192 characters takes 1 ms. */
  let time = 0;
  const now = () => time++;
  const { records: read } = await parseLog(file, (part) => progress.push(part), undefined, { now, later });
  expect(read).toEqual(records(1, 100_000));
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  // At least once in every ten of them.
  expect(later.mock.calls.length).toBeGreaterThan(lines.length / 8_192 / 10);

  const cancelled = new AbortController();
  later.mockImplementationOnce((work) => {
    cancelled.abort();
    work();
    return () => {};
  });
  await expect(parseLog(file, undefined, cancelled.signal, { now, later })).rejects.toThrow('aborted');
});

test('a reading that was cancelled tells no more progress', async () => {
  const cancelled = new AbortController();
  const progress = vi.fn((_: number) => cancelled.abort(new Error('another file')));
  const file = new Blob([toJsonLines(records(1, 10_000))]);
  await expect(parseLog(file, progress, cancelled.signal)).rejects.toThrow('another file');
  expect(progress).toHaveBeenCalledTimes(1);

  const early = new AbortController();
  const reading = parseLog(file, progress, early.signal);
  early.abort(new Error('at once'));
  await expect(reading).rejects.toThrow('at once');
  expect(progress).toHaveBeenCalledTimes(1);
});
