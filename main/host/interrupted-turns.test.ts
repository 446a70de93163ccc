import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import { createInterruptedTurns, MAX_FAILURES, SAVE_TIMEOUT_MS } from './interrupted-turns.ts';

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
  return { endSession, turns: createInterruptedTurns({ endSession, listRecordings, ...options }) };
}

test('a turn is ended in each of its sessions, and its recordings are told oldest first', async () => {
  const { turns, endSession } = setUp();
  const ended = await turns.end(['s1', 's2']);
  expect(endSession.mock.calls.map(([id]) => id)).toEqual(['s1', 's2']);
  expect(ended).toEqual({ state: 'ended', recordings: [info('old', 's1'), info('new', 's2')], failure: null });
});

test('recordings are listed only when those of the turn are finished', async () => {
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

test('a turn that another page speaks for is that page’s: nothing is told of it', async () => {
  const { turns } = setUp({ endSession: async (id) => (id === 's2' ? 'connected' : 'ended') });
  turns.noteFailure('s1', 'The disk is full.');
  expect(await turns.end(['s1', 's2'])).toEqual({ state: 'connected', recordings: [], failure: null });
});

test('a recording that failed is told with its last sentence, also long after nobody heard it', async () => {
  const { turns } = setUp();
  turns.noteFailure('s1', 'The disk is slow.');
  turns.noteFailure('x', 'Not yours.');
  turns.noteFailure('s1', 'The disk is full.');
  expect(await turns.end(['s1'])).toEqual({
    state: 'ended',
    recordings: [info('old', 's1')],
    failure: 'The disk is full.',
  });
  expect(await turns.end(['s2'])).toMatchObject({ failure: null });
});

test('only the newest failures are remembered', async () => {
  const { turns } = setUp();
  for (let i = 0; i <= MAX_FAILURES; i++) turns.noteFailure(`s${i}`, `failure ${i}`);
  expect(await turns.end(['s0'])).toMatchObject({ failure: null });
  expect(await turns.end(['s1'])).toMatchObject({ failure: 'failure 1' });
});

test('a disk that does not answer does not keep the window waiting', async () => {
  const { turns } = setUp({ endSession: () => new Promise(() => undefined) });
  turns.noteFailure('s1', 'The disk is slow.');
  const ended = turns.end(['s1']);
  await vi.advanceTimersByTimeAsync(SAVE_TIMEOUT_MS);
  expect(await ended).toEqual({ state: 'saving', recordings: [], failure: 'The disk is slow.' });
});

test('a list that can’t be read is an error of the call, unless the turn’s own failure tells more', async () => {
  const { turns } = setUp({ listRecordings: () => Promise.reject(new Error('unreadable')) });
  await expect(turns.end(['s1'])).rejects.toThrow('unreadable');
  turns.noteFailure('s1', 'The disk is gone.');
  expect(await turns.end(['s1'])).toEqual({ state: 'ended', recordings: [], failure: 'The disk is gone.' });
});
