import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../shared/log-event.ts';
import { createLink } from '../bridge/link.ts';
import { fakeBridge } from '../testing/fakes.ts';
import { CLEAN, LOG_START, REFUSED, RESTART, recordsOf, SESSION, WINDOW } from '../testing/session-logs.ts';
import { createLogOutbox } from './log-outbox.ts';
import { createLogStore } from './log-store.ts';
import { createSessionIndex } from './session-index.ts';
import { followSessions } from './session-store.ts';

function setUp(history: readonly LogRecord[] = []) {
  const host = fakeBridge({ getLogHistory: async () => [...history] });
  const outbox = createLogOutbox(host.bridge, createLink(), { windowId: WINDOW });
  const index = createSessionIndex();
  const log = createLogStore(host.bridge, outbox, { reader: { keyOf: index.keyOf } });
  const sessions = followSessions(log, index, WINDOW);
  const add = (records: readonly LogRecord[]) => host.emit('onLogRecords', [...records]);
  return { log, sessions, add };
}

const seqs = (records: readonly LogRecord[]) => records.map(({ seq }) => seq);

test('sessions follow the log while it arrives', () => {
  const { sessions, add } = setUp();
  const records = recordsOf(CLEAN);
  add(records.slice(0, 7));
  expect(sessions.list()).toMatchObject([{ key: SESSION, state: 'live' }]);
  add(records.slice(7));
  expect(sessions.list()).toMatchObject([{ key: SESSION, state: 'ended' }]);
  expect(sessions.recordsOf(SESSION)).toEqual(records);
});

test('the records of a session are the same array until one is added', () => {
  const { sessions, add } = setUp();
  const records = recordsOf(RESTART);
  add(records.slice(0, 20));
  const before = sessions.recordsOf(SESSION);
  expect(sessions.recordsOf(SESSION)).toBe(before);
  add([{ ...(records[0] as LogRecord), seq: 21, window: 'zzzzzzzz', time: LOG_START + 1_499 }]);
  expect(sessions.recordsOf(SESSION)).toBe(before);
  add(records.slice(20).map((record) => ({ ...record, seq: record.seq + 1 })));
  expect(sessions.recordsOf(SESSION)).toHaveLength(records.length);
});

test('history that arrives after newer records is taken', async () => {
  const records = recordsOf(CLEAN);
  const { sessions, add } = setUp(records.slice(0, 20));
  add(records.slice(20));
  await expect.poll(() => seqs(sessions.recordsOf(SESSION))).toEqual(seqs(records));
});

test('records that fill a gap are taken', () => {
  const { sessions, add } = setUp();
  const records = recordsOf(CLEAN);
  add(records.slice(0, 5));
  add(records.slice(15));
  add(records.slice(5, 15));
  expect(seqs(sessions.recordsOf(SESSION))).toEqual(seqs(records));
});

test('a session is shown alone, and the window is told to open its log', () => {
  const { log, sessions, add } = setUp();
  add([...recordsOf(CLEAN), ...recordsOf([[9_000, 'app', 'APP_STOPPING']], { seq: 1_000 })]);
  log.setFilter({ search: 'nothing' });
  sessions.show(SESSION);
  expect(log.getState().shown.length).toBe(CLEAN.length);
  expect(sessions.getState().shows).toBe(1);
});

test('a press that is shown stays shown when it becomes a session', () => {
  const { log, sessions, add } = setUp();
  const records = recordsOf(CLEAN);
  add(records.slice(0, 3));
  const key = sessions.own();
  expect(key).toMatch(/^press-/);
  sessions.show(String(key));
  add(records.slice(3));
  expect(log.getState().filter.session).toBe(SESSION);
  expect(log.getState().shown.length).toBe(records.length);
  expect(sessions.own()).toBe(SESSION);
});

test('the beginning of a key is enough', () => {
  const { sessions, add } = setUp();
  add(recordsOf(REFUSED));
  expect(sessions.resolve('press-')).toBe(sessions.own());
  expect(sessions.resolve('x')).toBeNull();
});

describe('a file', () => {
  test('has its own sessions; afterwards those of the live log are back', () => {
    const { log, sessions, add } = setUp();
    add(recordsOf(CLEAN));
    log.openFile('log.jsonl', recordsOf(REFUSED));
    expect(sessions.list().map(({ kind }) => kind)).toEqual(['press']);
    log.closeFile();
    expect(sessions.list().map(({ key }) => key)).toEqual([SESSION]);
  });
});

test('sessions whose lines were cleared are not listed, and the next one is', () => {
  const { log, sessions, add } = setUp();
  add(recordsOf(CLEAN));
  log.clear();
  expect(sessions.list()).toEqual([]);
  add(recordsOf(REFUSED, { from: LOG_START + 10_000, seq: 1_000 }));
  expect(sessions.list().map(({ kind }) => kind)).toEqual(['press']);
});
