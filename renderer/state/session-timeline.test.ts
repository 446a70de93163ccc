import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../shared/log-event.ts';
import { CLEAN, type Line, REFUSED, RESTART, recordsOf, SESSION, THIRD_WELCOME } from '../testing/session-logs.ts';
import { type SessionTimeline, sessionTimeline } from './session-timeline.ts';

function timelineOf(lines: readonly Line[]): SessionTimeline {
  const timeline = sessionTimeline(recordsOf(lines));
  if (timeline === null) throw new Error('no records');
  return timeline;
}

/** The steps of a connection: name, time, and how long each took. */
function stepsOf(timeline: SessionTimeline, number = 1) {
  return timeline.connections[number - 1]?.steps.map(({ step, attempt, at, ms }) => [
    attempt === undefined ? step : `${step} ${attempt}`,
    at,
    ms,
  ]);
}

test('a clean connection has each step once, in order, with the time since what it waited for', () => {
  const timeline = timelineOf(CLEAN);
  expect(stepsOf(timeline)).toEqual([
    ['pressed', 0, 0],
    ['connecting', 2, 2],
    ['accepted', 8, 6],
    ['welcome_sent 1', 8.5, 0.5],
    ['socket_open', 10, 8],
    ['welcome_received 1', 12, 2],
    ['ready_sent', 12.5, 0.5],
    ['ready_received', 14, 1.5],
    ['microphone', 30, 30],
    ['start_sent', 31, 1],
    ['recording', 34, 3],
    ['listening', 36.5, 2.5],
  ]);
  expect(timeline.connections).toHaveLength(1);
  expect(timeline.connections[0]).toMatchObject({ result: 'closed', resume: false, connected_at: 12 });
  expect(timeline).toMatchObject({ session: SESSION, duration_ms: 2_052, started_at: '2026-11-28T09:00:00.000Z' });
});

test('the summary of a clean connection', () => {
  expect(timelineOf(CLEAN).summary).toEqual({
    connected_ms: 12,
    welcomes: 1,
    failed_attempts: 0,
    listened_ms: 2_004,
    lost: 0,
    resumed: 0,
    lost_ms: 0,
    missing_s: 0,
    ending: 'user',
    problem: null,
    refusal: null,
    code: 1000,
  });
});

test('a welcome that is repeated has a step for each attempt', () => {
  const timeline = timelineOf(THIRD_WELCOME);
  const welcomes = stepsOf(timeline)?.filter(([step]) => String(step).startsWith('welcome'));
  expect(welcomes).toEqual([
    ['welcome_sent 1', 8.5, 0.5],
    ['welcome_sent 2', 309, 300.5],
    ['welcome_sent 3', 660, 351],
    ['welcome_received 3', 662, 2],
  ]);
  expect(timeline.summary).toMatchObject({ welcomes: 3, connected_ms: 662 });
  expect(timeline.marks.filter(({ mark }) => mark === 'welcome_repeated')).toHaveLength(2);
});

test('a restart of the server is a lost connection, and one that resumed the session', () => {
  const timeline = timelineOf(RESTART);
  expect(timeline.connections.map(({ result, resume, ended_at }) => ({ result, resume, ended_at }))).toEqual([
    { result: 'lost', resume: false, ended_at: 1_514 },
    { result: 'closed', resume: true, ended_at: 2_048 },
  ]);
  expect(stepsOf(timeline, 2)?.[0]).toEqual(['connecting', 1_520, 0]);
  expect(timeline.summary).toMatchObject({ lost: 1, resumed: 1, lost_ms: 12, missing_s: 0, ending: 'user' });
  expect(timeline.phases.map(({ phase }) => phase)).toEqual([
    'connecting',
    'listening',
    'reconnecting',
    'listening',
    'stopping',
  ]);
  expect(timeline.marks.map(({ mark }) => mark)).toEqual([
    'lost',
    'server_stopped',
    'server_started',
    'retry',
    'resumed',
    'stopped',
    'saved',
  ]);
});

test('a refused window tries again; each try is a connection that was refused', () => {
  const timeline = timelineOf(REFUSED);
  expect(timeline.connections.map(({ result, connected_at }) => [result, connected_at])).toEqual([
    ['refused', null],
    ['refused', null],
  ]);
  expect(timeline.connections[0]?.steps.find(({ step }) => step === 'refused')).toMatchObject({
    side: 'server',
    code: 403,
    why: 'origin',
  });
  expect(timeline.session).toBeNull();
  expect(timeline.summary).toMatchObject({
    connected_ms: null,
    failed_attempts: 2,
    listened_ms: 0,
    ending: 'refused',
    refusal: 'origin',
  });
});

test('a stranger that was refused has one step', () => {
  const timeline = timelineOf([[0, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }]]);
  expect(stepsOf(timeline)).toEqual([['refused', 0, 0]]);
  expect(timeline.summary.ending).toBe('refused');
});

test('a connection that stays silent is given up', () => {
  const timeline = timelineOf([
    ...CLEAN.slice(0, 3),
    [2_003, 'client', 'RECONNECTING', { ms: 0, failures: 1 }],
    [2_004, 'client', 'WS_CONNECTING', { url: 'ws://127.0.0.1:1/ws/voice' }],
  ]);
  expect(stepsOf(timeline)?.at(-1)).toEqual(['given_up', 2_003, 2_001]);
  expect(timeline.connections.map(({ result }) => result)).toEqual(['failed', 'open']);
});

test('without the events of the window, the server’s own tell the steps and what the session did', () => {
  const timeline = timelineOf(CLEAN.filter(([, side]) => side === 'server'));
  expect(stepsOf(timeline)?.map(([step]) => step)).toEqual([
    'accepted',
    'welcome_sent 1',
    'ready_received',
    'recording',
  ]);
  expect(timeline.connections[0]?.result).toBe('closed');
  expect(timeline.phases.map(({ phase }) => phase)).toEqual(['connecting', 'listening']);
  expect(timeline.summary.ending).toBe('closed');
});

test('the sound that arrived is told second by second, with what is missing', () => {
  const { audio } = timelineOf([
    ...CLEAN.slice(0, 17),
    [1_040, 'server', 'AUDIO', { session: SESSION, frames: 50, seconds: 1, peak_dbfs: -3 }],
    [2_040, 'server', 'AUDIO', { session: SESSION, frames: 40, seconds: 0.8, missing: 10, peak_dbfs: -3 }],
    [2_041, 'server', 'AUDIO_GAP', { session: SESSION, after: 3, frames: 10, seconds: 0.2 }],
  ]);
  expect(audio).toEqual([
    { from: 40, to: 1_040, received_s: 1, missing: 0 },
    { from: 1_240, to: 2_040, received_s: 0.8, missing: 10 },
  ]);
});

test.each([
  ['live', CLEAN.slice(0, 17)],
  ['limit', CLEAN.toSpliced(-9, 1, [2_040, 'client', 'TURN_LIMIT', { minutes: 1 }])],
  [
    'problem',
    [
      ...CLEAN.slice(0, 17),
      [90, 'client', 'MIC_FAILED', { type: 'mic_unplugged' }],
      [91, 'client', 'VOICE_CHANGED', { state: 'error' }],
    ],
  ],
  [
    'expired',
    [...RESTART.slice(0, 24), [32_000, 'server', 'SESSION_EXPIRED', { session: SESSION, why: 'not resumed in time' }]],
  ],
  [
    'window_closed',
    [...RESTART.slice(0, 20), [32_000, 'server', 'SESSION_EXPIRED', { session: SESSION, why: 'its page is gone' }]],
  ],
  [
    'not_connected',
    [
      ...CLEAN.slice(0, 3),
      [50, 'client', 'WS_DISCONNECT', { code: 1006 }],
      [60, 'client', 'VOICE_CHANGED', { state: 'idle' }],
    ],
  ],
] as [string, Line[]][])('the ending is told: %s', (ending, lines) => {
  expect(timelineOf(lines).summary.ending).toBe(ending);
});

test('the same events in another order give the same timeline', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(recordsOf(RESTART), { minLength: RESTART.length }), (records) => {
      expect(sessionTimeline(records)).toEqual(timelineOf(RESTART));
    }),
  );
});

test('a time that no calendar has does not stop the timeline', () => {
  const records = recordsOf(CLEAN).map((record) => ({ ...record, time: record.time + 1e16 }));
  expect(sessionTimeline(records)?.started_at).toBe('+275760-09-13T00:00:00.000Z');
});

describe('any part of a log', () => {
  const record = fc
    .constantFrom(CLEAN, THIRD_WELCOME, RESTART, REFUSED)
    .chain((lines) => fc.constantFrom(...recordsOf(lines)));
  const shifted = fc
    .tuple(record, fc.integer({ min: -5_000, max: 5_000 }))
    .map(([known, ms]): LogRecord => ({ ...known, time: known.time + ms }));
  /** As in a file that was changed by hand. */
  const withoutFields = record.map((known): LogRecord => ({ ...known, fields: {} }));
  const anyLog = fc.array(fc.oneof(record, shifted, withoutFields), { maxLength: 60 });

  test('gives a timeline in order, within its length, that is the same as JSON', () => {
    fc.assert(
      fc.property(anyLog, (records) => {
        const timeline = sessionTimeline(records);
        if (timeline === null) {
          expect(records.filter(({ event }) => !event.startsWith('SERVER_'))).toEqual([]);
          return;
        }
        const { connections, phases, audio, marks, duration_ms: end } = timeline;
        const inside = (...times: number[]) => expect(times.every((time) => time >= 0 && time <= end)).toBe(true);
        for (const { steps } of connections) {
          expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
          for (const { from, at, ms } of steps) {
            inside(from, at);
            expect(ms).toBeGreaterThanOrEqual(0);
          }
        }
        for (const { from, to } of [...phases, ...audio]) {
          inside(from, to);
          expect(to).toBeGreaterThanOrEqual(from);
        }
        for (const [i, { from }] of phases.entries()) expect(from).toBeGreaterThanOrEqual(phases[i - 1]?.to ?? 0);
        for (const { at } of marks) inside(at);
        expect(JSON.parse(JSON.stringify(timeline))).toEqual(timeline);
      }),
    );
  });
});
