import { expect, test, vi } from 'vitest';
import { WindowReport } from '../../shared/desktop.ts';
import { FLOOR_DBFS } from '../../shared/level.ts';
import { fakeBridge, fakeClient, IDLE } from '../testing/fakes.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import { answerStatusRequests, statusOf } from './status-report.ts';

const NOTHING = { seconds: null, session: null, level_dbfs: null };
const LISTENING: Partial<VoiceSnapshot> = { view: 'listening', sessionId: 's1', listeningSince: 1_000, micLive: true };

test.each<[string, Partial<VoiceSnapshot>, number | null, object]>([
  ['idle', {}, null, { state: 'idle', ...NOTHING }],
  // The snapshot keeps the session and the start of the last turn.
  ['idle after a turn', { sessionId: 's1', listeningSince: 1_000 }, -20, { state: 'idle', ...NOTHING }],
  ['connecting', { view: 'connecting' }, null, { state: 'connecting', ...NOTHING }],
  ['listening', LISTENING, -20.5, { state: 'listening', seconds: 12.3, session: 's1', level_dbfs: -20.5 }],
  [
    'a pause',
    { ...LISTENING, view: 'paused', pausedAt: 4_000 },
    -20,
    { state: 'paused', seconds: 3, session: 's1', level_dbfs: null },
  ],
  ['silence', LISTENING, null, { state: 'listening', seconds: 12.3, session: 's1', level_dbfs: FLOOR_DBFS }],
  [
    'stopping',
    { ...LISTENING, view: 'stopping', micLive: false },
    -20,
    { state: 'stopping', ...NOTHING, session: 's1' },
  ],
  ['a failure', { view: 'error', problem: 'mic_missing' as never }, null, { state: 'error', ...NOTHING }],
])('%s is reported', (_what, change, peak, expected) => {
  const status = statusOf({ ...IDLE, ...change }, { peak, rms: peak }, 13_340);
  expect(status).toEqual(expected);
  expect(WindowReport.safeParse({ request: 1, ...status }).success).toBe(true);
});

test('values outside the contract are limited: a clock that went back, a turn of weeks, a level above full scale', () => {
  const of = (change: Partial<VoiceSnapshot>, peak: number, now: number) =>
    statusOf({ ...IDLE, ...LISTENING, ...change }, { peak, rms: peak }, now);
  for (const status of [of({}, 0.1, 0), of({ listeningSince: 0 }, -200, 1e15)])
    expect(WindowReport.safeParse({ request: 1, ...status }).error).toBeUndefined();
});

test('each request is answered once, with the latest level, until the page ends', () => {
  const reportStatus = vi.fn(async () => undefined);
  const { bridge, emit } = fakeBridge({ reportStatus });
  const { client, show, emitLevel } = fakeClient();
  const dispose = answerStatusRequests({ bridge, client, now: () => 2_000 });
  show(LISTENING);
  emitLevel(-40);
  emitLevel(-12);
  emit('onStatusRequest', 7);
  const report = { request: 7, state: 'listening', seconds: 1, session: 's1', level_dbfs: -12 };
  expect(reportStatus.mock.calls).toEqual([[report]]);
  dispose();
  emit('onStatusRequest', 8);
  expect(reportStatus).toHaveBeenCalledTimes(1);
});
