import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { CATALOGUE, type LogEventName, LogLevel } from '../../shared/log-catalogue.ts';
import { type LogRecord, LogSide } from '../../shared/log-event.ts';
import { safeFields } from '../../shared/log-fields.ts';
import { LogLine, toLine } from '../../shared/log-line.ts';
import { record, records } from '../testing/fakes.ts';
import { copiedText, exportName, jsonLinesFile, toJsonLines, toTextLines } from './log-text.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

test('H47 each line of the export has its record, its text and its session', () => {
  const original = [
    record(1, { fields: { session: 's', detail: '"quoted" \\ back\u2028slash' } }),
    record(2, { side: 'client', level: 'error', event: 'ERROR', time: 1732304465812.4312 }),
    ...Array.from({ length: 5_000 }, (_, i) => record(i + 3)),
  ];
  const text = toJsonLines(original);
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  expect(lines).toHaveLength(original.length);
  expect(lines.map((line) => LogLine.parse(JSON.parse(line)))).toEqual(original.map(toLine));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...original[0],
    session_id: 's',
    text: expect.stringContaining('📤 WS_SEND | session=s | detail='),
  });
  expect(toJsonLines([])).toBe('');
});

const events = Object.keys(CATALOGUE) as LogEventName[];
const anyRecord: fc.Arbitrary<LogRecord> = fc
  .record({
    seq: fc.integer({ min: 1 }),
    time: fc.double({ min: 0, max: 8.64e15, noNaN: true, noDefaultInfinity: true }).map((time) => time + 0),
    side: fc.constantFrom(...LogSide.options),
    level: fc.constantFrom(...LogLevel.options),
    event: fc.constantFrom(...events),
    detail: fc.string({ unit: 'binary', maxLength: 400 }),
  })
  .map(({ detail, ...rest }) => ({
    ...rest,
    fields: safeFields({ session: detail, detail, url: detail, state: detail }),
  }));

test('H47 property: the export has one line for each record and parses to equal records', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 20 }), (records) => {
      const lines = toJsonLines(records).split(/\r\n|[\n\r\u0085\u2028\u2029]/);
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => LogLine.parse(JSON.parse(line)))).toEqual(records.map(toLine));
      expect(toTextLines(records).split(/\r\n|[\n\r\u0085\u2028\u2029]/)).toHaveLength(Math.max(records.length, 1));
    }),
  );
});

test('copied lines have time, side, level and text, one line for each record', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
  expect(
    toTextLines([
      record(1, { time }),
      record(2, { time, side: 'app', level: 'error', event: 'ERROR', fields: { type: 'x' } }),
    ]),
  ).toBe('03:04:05.006  server  info   📤 WS_SEND | line=1\n03:04:05.006  app     error  ❌ ERROR | type=x');
});

test('the export’s file name contains the time and is valid on every file system', () => {
  expect(exportName(new Date('2026-11-22T19:41:05.812Z'))).toBe('earshot-log-2026-11-22T19-41-05.jsonl');
});

test('unrecorded lines are marked in copies and exports, and have no number', () => {
  const line = record(FIRST_UNRECORDED + 3, { side: 'client', event: 'PRESS', fields: { doing: 'start' } });
  expect(
    toTextLines([record(1), line])
      .split('\n')
      .map((text) => text.endsWith('  (not yet recorded)')),
  ).toEqual([false, true]);
  const [plain, waiting] = toJsonLines([record(1), line]).split('\n');
  expect(JSON.parse(plain ?? '')).toEqual(toLine(record(1)));
  expect(JSON.parse(waiting ?? '')).toEqual({ ...toLine(line), seq: undefined, recorded: false });
});

test('a file and a copy are made in slices, and have each record once, in order', async () => {
  const later = vi.fn((work: () => void) => {
    work();
    return () => {};
  });
  let time = 0;
  const options = { later, now: () => time++ };
  for (const count of [0, 1, 128, 4_000]) {
    const lines = records(1, count);
    const file = await jsonLinesFile(new Set(lines), options);
    expect([await file.text(), file.type]).toEqual([toJsonLines(lines), 'application/jsonl']);
    expect(await copiedText(new Set(lines), options)).toBe(toTextLines(lines));
  }
  // Of four thousand, 31 whole groups are written twice; a slice has eight of them.
  expect(later).toHaveBeenCalledTimes(2 * 3);
});
