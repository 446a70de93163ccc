import { expect, test } from 'vitest';
import { type ConnectionState, INITIAL_STATE, MAX_FAILURES } from '../connection/connection-types.ts';
import { createSnapshot } from './snapshot.ts';

const DRIVER = {
  retryAt: 1_700_000_000_125,
  listeningSince: 1_700_000_000_000,
  lostMs: 40,
  undeliveredMs: 20,
  uncapturedMs: 0,
  stalledMs: 0,
  changedMs: 0,
  sleptMs: 0,
  askingForMic: true,
  microphone: { label: 'Desk', status: 'ok', instead_of: null } as const,
  pausedAt: null,
  limitLeftS: null,
  limitReachedMin: null,
};
const LISTENING: ConnectionState = {
  ...INITIAL_STATE,
  shouldListen: true,
  link: 'welcomed',
  sessionId: 's1',
  voice: 'listening',
  turnConfirmed: true,
  mic: 'live',
  resumes: 2,
  newSessions: 1,
};

test('the snapshot contains the state and the values of the driver', () => {
  expect(createSnapshot(LISTENING, DRIVER)).toEqual({
    ...DRIVER,
    view: 'listening',
    sessionId: 's1',
    problem: null,
    failures: 0,
    newSessions: 1,
    resumes: 2,
    breakerOpen: false,
    micLive: true,
    muted: false,
    keptUntil: null,
    triesUntil: null,
    finishing: 0,
    turnsWaiting: 0,
  });
});

test('H59 while disconnected: until when audio is kept, and until when an ended turn is retried', () => {
  const disconnected: ConnectionState = {
    ...LISTENING,
    link: 'waiting',
    offlineSince: 1_000,
    pressedAt: 500,
    lostConnections: 1,
  };
  expect(createSnapshot(disconnected, DRIVER)).toMatchObject({ keptUntil: 31_000, triesUntil: null, finishing: 0 });
  const ended: ConnectionState = { ...disconnected, shouldListen: false, voice: 'stopping', captureEnded: true };
  expect(createSnapshot(ended, DRIVER)).toMatchObject({
    keptUntil: null,
    triesUntil: 31_000,
    finishing: 1,
    turnsWaiting: 0,
  });
  expect(createSnapshot({ ...ended, backlog: 2 }, DRIVER)).toMatchObject({ finishing: 3, turnsWaiting: 2 });
  // The next turn is captured meanwhile, with its own window from its press on.
  const next: ConnectionState = { ...ended, shouldListen: true, pressedAt: 9_000 };
  expect(createSnapshot(next, DRIVER)).toMatchObject({
    keptUntil: 39_000,
    triesUntil: 31_000,
    finishing: 1,
    turnsWaiting: 1,
  });
});

test('H21 the breaker is shown as open from the fifth consecutive failure on, also during its attempts', () => {
  const afterFailures = (failures: number, link: ConnectionState['link'], shouldListen = true) =>
    createSnapshot({ ...LISTENING, shouldListen, link, failures, lostConnections: 1 }, DRIVER);
  expect(afterFailures(MAX_FAILURES - 1, 'waiting')).toMatchObject({ view: 'reconnecting', breakerOpen: false });
  expect(afterFailures(MAX_FAILURES, 'waiting')).toMatchObject({ view: 'reconnecting', breakerOpen: true });
  expect(afterFailures(MAX_FAILURES, 'opening')).toMatchObject({ view: 'reconnecting', breakerOpen: true });
  expect(afterFailures(MAX_FAILURES, 'welcomed')).toMatchObject({ view: 'listening', breakerOpen: false });
  expect(afterFailures(MAX_FAILURES, 'waiting', false)).toMatchObject({ view: 'stopping', breakerOpen: false });
});

test('a problem is shown as an error with its code', () => {
  const state: ConnectionState = { ...INITIAL_STATE, problem: 'taken_over' };
  expect(createSnapshot(state, DRIVER)).toMatchObject({ view: 'error', problem: 'taken_over' });
});
