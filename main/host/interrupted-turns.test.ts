import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import { createInterruptedTurns, createRecordingFailures, MAX_FAILURES, SAVE_TIMEOUT_MS } from './interrupted-turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const info = (id: string, session_id: string): RecordingInfo => ({
  id,
  session_id,
  user_id: 'ada',
  turn: 1,
  started_at: '2026-01-01T00:00:00.000Z',
  duration_s: 2,
  gaps: [],
  peak_dbfs: -3,
  rms_dbfs: -20,
  complete: true,
});

function setUp(options: Partial<Parameters<typeof createInterruptedTurns>[0]> = {}) {
  const endSession = vi.fn(async (_id: string): Promise<'ended' | 'connected'> => 'ended');
  const listRecordings = async () => [info('new', 's2'), info('foreign', 'x'), info('old', 's1')];
  const failures = createRecordingFailures();
  const turns = createInterruptedTurns({ endSession, listRecordings, failures, ...options });
  return { endSession, failures, turns };
}

test('ends every session of the turn and returns its recordings, oldest first', async () => {
  const { turns, endSession } = setUp();
  const ended = await turns.end(['s1', 's2']);
  expect(endSession.mock.calls.map(([id]) => id)).toEqual(['s1', 's2']);
  expect(ended).toEqual({ state: 'ended', recordings: [info('old', 's1'), info('new', 's2')], failure: null });
});

test('lists recordings only after those of the turn are finished', async () => {
  const order: string[] = [];
  const { turns } = setUp({
    endSession: async () => {
      order.push('ended');
      return 'ended';
    },
    listRecordings: async () => {
      order.push('listed');
      return [];
    },
  });
  await turns.end(['s1']);
  expect(order).toEqual(['ended', 'listed']);
});

test('returns nothing about a turn that another page is connected to', async () => {
  const { turns, failures } = setUp({ endSession: async (id) => (id === 's2' ? 'connected' : 'ended') });
  failures.note('s1', 'The disk is full.');
  expect(await turns.end(['s1', 's2'])).toEqual({ state: 'connected', recordings: [], failure: null });
});

test('returns the last failure of a recording, even if no window was open when it failed', async () => {
  const { turns, failures } = setUp();
  failures.note('s1', 'The disk is slow.');
  failures.note('x', 'Not yours.');
  failures.note('s1', 'The disk is full.');
  expect(await turns.end(['s1'])).toEqual({
    state: 'ended',
    recordings: [info('old', 's1')],
    failure: 'The disk is full.',
  });
  expect(await turns.end(['s2'])).toMatchObject({ failure: null });
});

test('keeps only the newest failures', async () => {
  const { turns, failures } = setUp();
  for (let i = 0; i <= MAX_FAILURES; i++) failures.note(`s${i}`, `failure ${i}`);
  expect(await turns.end(['s0'])).toMatchObject({ failure: null });
  expect(await turns.end(['s1'])).toMatchObject({ failure: 'failure 1' });
});

test('does not keep the window waiting for a disk that does not answer', async () => {
  const { turns, failures } = setUp({ endSession: () => new Promise(() => undefined) });
  failures.note('s1', 'The disk is slow.');
  const ended = turns.end(['s1']);
  await vi.advanceTimersByTimeAsync(SAVE_TIMEOUT_MS);
  expect(await ended).toEqual({ state: 'saving', recordings: [], failure: 'The disk is slow.' });
});

test('rejects if the list can’t be read, unless the turn’s own failure explains why', async () => {
  const { turns, failures } = setUp({ listRecordings: () => Promise.reject(new Error('unreadable')) });
  await expect(turns.end(['s1'])).rejects.toThrow('unreadable');
  failures.note('s1', 'The disk is gone.');
  expect(await turns.end(['s1'])).toEqual({ state: 'ended', recordings: [], failure: 'The disk is gone.' });
});
