import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord, LogSide } from '../../shared/log-event.ts';
import { gainOf, isComplete, type Press, pressesByKind, readPresses } from './presses.ts';

type Line = [time: number, event: LogEventName, fields?: Record<string, string>, side?: LogSide];

function logOf(...lines: Line[]): LogRecord[] {
  return lines.map(([time, event, fields = {}, side = 'client'], i) => ({
    seq: i + 1,
    time,
    side,
    level: 'info',
    event,
    fields,
  }));
}

/** A press at the time `at`, and its steps, each this many ms later. */
const pressed = (at: number, open: number, welcome: number, mic: number, listening: number): Line[] => [
  [at, 'PRESS', { doing: 'start' }],
  [at + open, 'WS_OPEN'],
  [at + welcome, 'WS_CONNECTED', { session: 's' }],
  [at + mic, 'MIC_OPENED', { label: 'm' }],
  [at + listening, 'VOICE_CHANGED', { state: 'listening' }],
];

describe('reading presses from a log', () => {
  test('measures every step from the press, in any order of the steps', () => {
    const log = logOf(
      ...pressed(1_000, 3, 4, 120, 122),
      [2_000, 'PRESS', { doing: 'stop' }],
      ...pressed(3_000, 5, 9, 7, 11),
    );
    expect(readPresses(log)).toEqual([
      { openMs: 3, welcomeMs: 4, micMs: 120, listeningMs: 122 },
      { openMs: 5, welcomeMs: 9, micMs: 7, listeningMs: 11 },
    ]);
  });

  test('ignores events of the server and other voice states', () => {
    const log = logOf(
      [0, 'PRESS', { doing: 'start' }],
      [1, 'VOICE_CHANGED', { state: 'connecting' }],
      [2, 'WS_CONNECTED', { session: 's' }, 'server'],
    );
    expect(readPresses(log)).toEqual([{ openMs: null, welcomeMs: null, micMs: null, listeningMs: null }]);
  });

  test('ignores steps after the next press, so a cancelled press is incomplete', () => {
    const [taken, next] = readPresses(
      logOf(
        [0, 'PRESS', { doing: 'start' }],
        [5, 'PRESS', { doing: 'stop' }],
        [6, 'WS_OPEN'],
        ...pressed(10, 1, 2, 3, 4),
      ),
    );
    expect(taken && isComplete(taken)).toBe(false);
    expect(next && isComplete(next)).toBe(true);
  });

  test('uses the first welcome, not that of a later reconnect', () => {
    const [press] = readPresses(logOf(...pressed(0, 1, 2, 3, 4), [500, 'WS_CONNECTED', { session: 't' }]));
    expect(press?.welcomeMs).toBe(2);
  });
});

describe('the time saved by a connection made before the press', () => {
  test('is the time from the microphone to the welcome, at least 0 and at most the time to the welcome', () => {
    const ms = fc.double({ min: 0, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(ms, ms, (welcomeMs, micMs) => {
        const gain = gainOf({ openMs: 0, welcomeMs, micMs, listeningMs: Math.max(welcomeMs, micMs) });
        expect(gain).toBe(welcomeMs > micMs ? welcomeMs - micMs : 0);
        expect(gain).toBeLessThanOrEqual(welcomeMs);
      }),
    );
  });
});

describe('assigning presses to windows', () => {
  const at = (welcomeMs: number): Press => ({ openMs: 1, welcomeMs, micMs: 1, listeningMs: 1 });
  const windows = [
    { kind: 'plain', presses: 2 },
    { kind: 'held', presses: 3 },
    { kind: 'plain', presses: 1 },
    { kind: 'delayed', presses: 2 },
  ] as const;

  test('counts the first press of a plain window separately, and leaves out the first press of other windows', () => {
    const { presses, failed } = pressesByKind([1, 2, 3, 4, 5, 6, 7, 8].map(at), windows);
    expect(presses).toEqual({ first: [at(1), at(6)], later: [at(2)], held: [at(4), at(5)], delayed: [at(8)] });
    expect(failed).toBe(0);
  });

  test('counts presses after which the window did not listen as failed, including those left out', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].map(at);
    expect(pressesByKind(all.with(2, { ...at(3), listeningMs: null }), windows).failed).toBe(1);
  });

  test('throws if there are more or fewer presses than were made', () => {
    expect(() => pressesByKind([1, 2, 3].map(at), windows)).toThrow('3 presses');
    expect(() => pressesByKind([1, 2, 3, 4, 5, 6, 7, 8, 9].map(at), windows)).toThrow('9 presses');
  });
});
