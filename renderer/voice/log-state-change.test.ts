import { expect, test, vi } from 'vitest';
import { type ConnectionState, INITIAL_STATE } from '../connection/connection-types.ts';
import { en } from '../text/en.ts';
import { logStateChange } from './log-state-change.ts';

/** The lines that are logged when the state changes from `before` to `after`. */
function linesOf(before: Partial<ConnectionState>, after: Partial<ConnectionState>): unknown[] {
  const log = vi.fn();
  logStateChange(log, { ...INITIAL_STATE, ...before }, { ...INITIAL_STATE, ...after }, 7);
  return log.mock.calls;
}

test('a new session is logged once, and a resumed one with what the server holds', () => {
  expect(linesOf({}, { sessionId: 's1' })).toEqual([['WS_CONNECTED', { session: 's1' }]]);
  expect(linesOf({ sessionId: 's1' }, { sessionId: 's1' })).toEqual([]);
  const resumed = linesOf({ sessionId: 's1' }, { sessionId: 's1', resumes: 1 });
  expect(resumed).toEqual([['WS_RESUMED', { session: 's1', held_through: 7 }]]);
});

test('a problem is logged once, those of the microphone under their own name', () => {
  const detail = en.problems.server_gone.title;
  expect(linesOf({}, { problem: 'server_gone' })).toContainEqual(['ERROR', { type: 'server_gone', detail }]);
  expect(linesOf({ problem: 'server_gone' }, { problem: 'server_gone', failures: 1 })).toEqual([]);
  const denied = { type: 'mic_denied', detail: en.problems.mic_denied.title };
  expect(linesOf({ problem: 'server_gone' }, { problem: 'mic_denied' })).toEqual([['MIC_FAILED', denied]]);
});
