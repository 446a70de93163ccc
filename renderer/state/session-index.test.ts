import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../shared/log-event.ts';
import { CLEAN, LOG_START, REFUSED, RESTART, recordsOf, SESSION, THIRD_WELCOME } from '../testing/session-logs.ts';
import { createSessionIndex } from './session-index.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

function indexOf(records: readonly LogRecord[]) {
  const index = createSessionIndex();
  index.add(records);
  return index;
}

/** How many records have each key. */
function keysOf(records: readonly LogRecord[], index = indexOf(records)): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) {
    const key = index.keyOf(record) ?? 'none';
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The log of a second window, with a session of its own. */
function withSession(lines: typeof CLEAN, session: string) {
  return lines.map(([ms, side, event, fields = {}]) => {
    const changed = JSON.parse(JSON.stringify(fields).replaceAll(SESSION, session)) as typeof fields;
    return [ms, side, event, changed] as const;
  });
}

test('the events of a press belong to the session that it became, from the press to the end of the turn', () => {
  const records = recordsOf(CLEAN);
  expect(keysOf(records)).toEqual({ [SESSION]: records.length });
  expect(indexOf(records).sessions()).toEqual([
    {
      key: SESSION,
      kind: 'session',
      tag: 'mneo',
      startedAt: LOG_START,
      lastAt: records.at(-1)?.time,
      state: 'ended',
    },
  ]);
});

test('a connection that resumes the session belongs to it; what the server does for all sessions belongs to none', () => {
  const records = recordsOf(RESTART);
  expect(keysOf(records)).toEqual({ [SESSION]: records.length - 2, none: 2 });
  expect(indexOf(records).sessions()[0]).toMatchObject({ key: SESSION, state: 'ended' });
});

test('a press that never got a session has a key of its own, with the refusals of its connections', () => {
  const records = recordsOf(REFUSED);
  const keys = Object.keys(keysOf(records));
  expect(keys).toEqual([expect.stringMatching(/^press-abcdefgh-[0-9a-z]+$/)]);
  expect(indexOf(records).sessions()).toEqual([
    expect.objectContaining({ key: keys[0], kind: 'press', tag: '', state: 'failed' }),
  ]);
});

test('a refused stranger has a key of its own; refusals on other sockets have none', () => {
  const records = recordsOf([
    ...CLEAN,
    [9_000, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }],
    [9_001, 'server', 'WS_REFUSED', { on: 'page', status: 403, why: 'origin' }],
    [9_002, 'server', 'WS_REFUSED', { on: 'voice', more: 3 }],
  ]);
  const counts = keysOf(records);
  expect(counts.none).toBe(2);
  expect(Object.keys(counts).filter((key) => key.startsWith('refused-'))).toHaveLength(1);
  expect(indexOf(records).sessions()[0]).toMatchObject({ kind: 'refused', state: 'failed' });
});

test('a stranger that is refused while the window connects is not taken for the window', () => {
  const lines = CLEAN.toSpliced(3, 0, [5, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }]);
  expect(Object.keys(keysOf(recordsOf(lines))).filter((key) => key.startsWith('refused-'))).toHaveLength(1);
});

test('the events of two windows at the same time are kept apart', () => {
  const a = recordsOf(CLEAN, { window: 'aaaaaaaa' });
  const b = recordsOf(withSession(THIRD_WELCOME, 'otherSession'), { window: 'bbbbbbbb', seq: 1_000 });
  const records = [...a, ...b].sort((x, y) => x.time - y.time);
  expect(keysOf(records)).toEqual({ [SESSION]: a.length, otherSession: b.length });
});

test('two turns of a window one after the other are two sessions', () => {
  const first = recordsOf(CLEAN);
  const next = recordsOf(withSession(CLEAN, 'nextSession'), { from: LOG_START + 10_000, seq: 1_000 });
  expect(keysOf([...first, ...next])).toEqual({ [SESSION]: first.length, nextSession: next.length });
});

test('a session that could not be continued and the one that replaced it are two', () => {
  const lost = RESTART.slice(0, RESTART.findIndex(([, , event]) => event === 'SERVER_STARTED') + 4);
  const replaced = recordsOf([
    ...lost,
    [1_520, 'client', 'WS_CONNECTING', { url: `ws://127.0.0.1:1/ws/voice?user_id=me&session_id=${SESSION}` }],
    [1_521, 'client', 'WS_OPEN'],
    [1_522, 'client', 'WS_DISCONNECT', { code: 4410 }],
    [1_523, 'client', 'WS_CONNECTING', { url: 'ws://127.0.0.1:1/ws/voice?user_id=me' }],
    [1_524, 'server', 'WS_CONNECT', { session: 'nextSession', user: 'me' }],
    [1_525, 'client', 'WS_RECV', { event: 'connected', session: 'nextSession', attempt: 1 }],
    [1_526, 'client', 'WS_CONNECTED', { session: 'nextSession' }],
    [1_527, 'client', 'VOICE_CHANGED', { state: 'listening' }],
  ]);
  const index = indexOf(replaced);
  expect(replaced.slice(-8).map((record) => index.keyOf(record))).toEqual([
    SESSION,
    SESSION,
    SESSION,
    ...Array(5).fill('nextSession'),
  ]);
});

test('a press behind a turn that is still being delivered is apart from it, and its connection belongs to the old one', () => {
  const cut = recordsOf([
    ...RESTART.slice(0, 24),
    [1_600, 'client', 'PRESS', { doing: 'stop' }],
    [1_601, 'client', 'VOICE_CHANGED', { state: 'stopping' }],
    [1_700, 'client', 'PRESS', { doing: 'start' }],
    [1_701, 'client', 'MIC_OPENED', { label: 'x', rate: 1 }],
    [1_800, 'client', 'WS_CONNECTING', { url: `ws://127.0.0.1:1/ws/voice?session_id=${SESSION}` }],
  ]);
  const index = indexOf(cut);
  const keys = cut.slice(-3).map((record) => index.keyOf(record));
  expect(keys[0]).toMatch(/^press-/);
  expect(keys).toEqual([keys[0], keys[0], SESSION]);
});

test('an event has the same key before and after the host has recorded it', () => {
  const records = recordsOf(CLEAN);
  const index = indexOf(records.slice(0, 5));
  const waiting = records.slice(5, 9).map((record, i) => ({ ...record, seq: FIRST_UNRECORDED + i }));
  index.add(waiting);
  index.add(records.slice(5));
  expect(keysOf(waiting, index)).toEqual({ [SESSION]: waiting.length });
  expect(index.sessions()).toEqual(indexOf(records).sessions());
});

test('a session that was live when its app was ended is over in the next launch', () => {
  const live = recordsOf(CLEAN.slice(0, 17));
  expect(indexOf(live).sessions()[0]?.state).toBe('live');
  const next = recordsOf([[60_000, 'app', 'APP_STARTED', { version: '1' }]], { seq: 1 });
  expect(indexOf([...live, ...next]).sessions()[0]?.state).toBe('ended');
});

test('sessions whose records are not held any more are forgotten', () => {
  const first = recordsOf(CLEAN);
  const next = recordsOf(withSession(CLEAN, 'nextSession'), { from: LOG_START + 10_000, seq: 1_000 });
  const index = indexOf([...first, ...next]);
  index.forgetBefore(LOG_START + 9_000);
  expect(index.sessions().map(({ key }) => key)).toEqual(['nextSession']);
  expect(keysOf(next, index)).toEqual({ nextSession: next.length });
  index.clear();
  expect(index.sessions()).toEqual([]);
});

describe('in any order and in any batches', () => {
  const scenarios = fc.constantFrom(CLEAN, THIRD_WELCOME, RESTART, REFUSED);

  test('the result is the same', () => {
    fc.assert(
      fc.property(scenarios, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 9 }), (lines, random, size) => {
        const records = recordsOf(lines);
        const shuffled = records
          .map((record) => ({ record, order: random.next().value as number }))
          .sort((a, b) => a.order - b.order)
          .map(({ record }) => record);
        const index = createSessionIndex();
        for (let i = 0; i < shuffled.length; i += size) index.add(shuffled.slice(i, i + size));
        index.add(shuffled.slice(0, size));
        expect(index.sessions()).toEqual(indexOf(records).sessions());
        expect(records.map(index.keyOf)).toEqual(records.map(indexOf(records).keyOf));
      }),
    );
  });

  test('any part of a log is taken', () => {
    fc.assert(
      fc.property(
        scenarios.chain((lines) => fc.shuffledSubarray(recordsOf(lines))),
        (records) => {
          const index = indexOf(records);
          const keys = new Set(index.sessions().map(({ key }) => key));
          for (const record of records) {
            const key = index.keyOf(record);
            if (key !== undefined) expect(keys).toContain(key);
          }
        },
      ),
    );
  });
});
