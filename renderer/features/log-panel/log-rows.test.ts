import { describe, expect, test } from 'vitest';
import type { LogSide } from '../../../shared/log-event.ts';
import { record } from '../../testing/fakes.ts';
import { audioSummary, rowsOf, sideOf } from './log-rows.ts';

/** An AUDIO line as the log writes it: measurements from the server, counts from the client. */
function audio(seq: number, side: LogSide, session = 's1', more: Record<string, number | string> = {}) {
  const fields =
    side === 'server'
      ? { session, frames: 50, seconds: 1, peak_dbfs: -20 - seq, ...more }
      : { session, frames: 50, through: seq, acknowledged: seq, ...more };
  return record(seq, { side, event: 'AUDIO', fields });
}

const idsOf = (rows: ReturnType<typeof rowsOf>) => rows.map(({ id, records }) => [id, records.length]);

describe('audio rows', () => {
  test('AUDIO lines of both sides share a row until another event is logged', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server'), record(4), audio(5, 'server')];
    const rows = rowsOf(log, new Set());
    expect(idsOf(rows)).toEqual([
      [0.5, 3],
      [4, 1],
      [4.5, 1],
    ]);
    expect(rows.map(sideOf)).toEqual(['both', 'server', 'server']);
  });

  test('the row’s ID does not change when lines are added', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server')];
    const ids = log.map((_, i) => rowsOf(log.slice(0, i + 1), new Set())[0]?.id);
    expect(new Set(ids)).toEqual(new Set([0.5]));
  });

  test('simultaneous sessions have a row each', () => {
    const log = [audio(1, 'server', 'a'), audio(2, 'server', 'b'), audio(3, 'client', 'a'), audio(4, 'client', 'b')];
    expect(rowsOf(log, new Set()).map(({ records }) => records.map(({ seq }) => seq))).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('an expanded row is followed by its lines', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), record(3)];
    expect(rowsOf(log, new Set([0.5])).map(({ id }) => id)).toEqual([0.5, 1, 2, 3]);
  });

  test('an AUDIO line with a warning has its own row', () => {
    const log = [audio(1, 'server'), { ...audio(2, 'server'), level: 'warn' as const }, audio(3, 'server')];
    expect(rowsOf(log, new Set()).map(({ kind }) => kind)).toEqual(['audio', 'line', 'audio']);
  });
});

describe('the summary of an audio row', () => {
  test('has the seconds that the server received and their highest peak', () => {
    const log = [audio(1, 'server'), audio(2, 'client'), audio(3, 'server'), audio(4, 'client')];
    expect(audioSummary(log)).toBe('AUDIO 2.0\u00a0s, peak −21.0 dBFS');
  });

  test('has the missing audio and the duplicate frames', () => {
    expect(audioSummary([audio(1, 'server', 's1', { missing: 25, duplicates: 3 })])).toBe(
      'AUDIO 1.0\u00a0s, peak −21.0 dBFS, 0.5\u00a0s missing, 3 duplicate frames',
    );
  });

  test('has what the client sent if there are no lines of the server; names silence', () => {
    expect(audioSummary([audio(1, 'client'), audio(2, 'client')])).toBe('AUDIO 2.0\u00a0s');
    expect(audioSummary([audio(1, 'server', 's1', { peak_dbfs: 'silence' })])).toBe('AUDIO 1.0\u00a0s, silence');
  });
});
