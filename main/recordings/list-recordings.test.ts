import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordingInfo } from '../../shared/recording.ts';
import { infoText, parseInfo } from './list-recordings.ts';

const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const anyInfo: fc.Arbitrary<RecordingInfo> = fc.record(
  {
    id: fc.constant(ID),
    session_id: fc.string({ unit: 'binary' }),
    user_id: fc.string({ unit: 'binary' }),
    turn: fc.integer({ min: 1 }),
    started_at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    duration_s: number.map(Math.abs),
    gaps: fc.array(fc.record({ at_s: number, seconds: number })),
    peak_dbfs: fc.option(number),
    rms_dbfs: fc.option(number),
    complete: fc.boolean(),
    repaired: fc.boolean(),
    writer: fc.string(),
  },
  {
    requiredKeys: [
      'id',
      'session_id',
      'user_id',
      'turn',
      'started_at',
      'duration_s',
      'gaps',
      'peak_dbfs',
      'rms_dbfs',
      'complete',
    ],
  },
);

test('property: parses the text of a recording’s JSON back, and rejects it for another recording', () => {
  fc.assert(
    fc.property(anyInfo, (info) => {
      expect(parseInfo(infoText(info), ID)).toEqual(info);
      expect(parseInfo(infoText(info), `${ID}-2`)).toBeNull();
    }),
  );
});

test('texts that another program made too long are cut, and the recording stays in the list', () => {
  const long = 'x'.repeat(20_000);
  const info = {
    id: ID,
    session_id: 's',
    user_id: 'me',
    turn: 1,
    started_at: '2026-11-22T19:26:03.123Z',
    duration_s: 1,
  };
  const rest = { gaps: [], peak_dbfs: null, rms_dbfs: null, complete: true };
  const read = parseInfo(infoText({ ...info, ...rest, title: long, note: long, imported_from: long }), ID);
  expect([read?.title?.length, read?.note?.length, read?.imported_from?.length]).toEqual([300, 10_000, 255]);
});

test('property: any text is a complete description or null', () => {
  const damaged = fc
    .tuple(anyInfo, fc.nat(), fc.string({ unit: 'binary' }), fc.jsonValue())
    .chain(([info, at, noise, value]) => {
      const text = infoText(info);
      const cut = at % text.length;
      const key = Object.keys(info)[at % Object.keys(info).length] ?? 'id';
      return fc.constantFrom(
        text.slice(0, cut),
        text.slice(0, cut) + noise + text.slice(cut),
        JSON.stringify({ ...info, [key]: value }),
      );
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.json(), fc.string({ unit: 'binary' })), (text) => {
      const info = parseInfo(text, ID);
      if (info === null) return;
      expect(RecordingInfo.parse(info)).toEqual(info);
      expect(parseInfo(infoText(info), ID)).toEqual(info);
    }),
    { numRuns: 500 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
