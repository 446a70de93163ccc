import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sign } from '../../shared/client-proof.ts';
import { signedText } from '../../shared/proof.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { type Logged, type Measured, memorySink, recordingMetrics, type Turn } from '../testing/voice-rig.ts';
import { LIMITS } from './limits.ts';
import { SessionRegistry, type SessionRegistryOptions } from './session-registry.ts';

let registry: SessionRegistry;
let logged: Logged[];
let measured: Measured[];
let turns: Turn[];

function make(options: Partial<SessionRegistryOptions> = {}): void {
  registry = new SessionRegistry({
    sink: memorySink(turns),
    log: (event, fields = {}) => logged.push({ event, fields }),
    limits: LIMITS,
    metrics: recordingMetrics(measured),
    now: Date.now,
    monotonicNow: () => performance.now(),
    ...options,
  });
}

/** A session whose client has a resume token and listens. */
function listening(userId = 'ada') {
  const held = registry.create(userId);
  const resume = held.tokens.issue();
  const peer = { strikes: 0, send: () => undefined, ready: () => 'accepted' as const, onStrikeLimit: () => undefined };
  held.session.attach(peer, -1);
  held.session.onText('{"event":"start"}', peer);
  held.tokens.confirm(resume);
  const connection = { path: '/ws/voice', host: '127.0.0.1:1', origin: 'http://127.0.0.1:2', nonce: 'n'.repeat(22) };
  const proof = sign(resume, signedText('resume', connection));
  return { held, request: { userId, sessionId: held.session.id, resume: proof, connection } };
}
const count = (event: string) => logged.filter((entry) => entry.event === event).length;

beforeEach(() => {
  vi.useFakeTimers();
  [logged, measured, turns] = [[], [], []];
  make();
});
afterEach(async () => {
  await registry.close();
  expect([registry.size, registry.lostCount, vi.getTimerCount()]).toEqual([0, 0, 0]);
  expect(turns.every((turn) => turn.finished)).toBe(true);
  vi.useRealTimers();
});

describe('finding', () => {
  test('takes id, user and the proof of the token for this very connection, all of them right', () => {
    const { held, request } = listening();
    const other = listening('bob');
    expect(registry.find({ ...request, sessionId: null })).toBeNull();
    expect(registry.find({ ...request, resume: null })).toBeNull();
    expect(registry.find({ ...request, userId: 'bob' })).toBeNull();
    expect(registry.find({ ...request, sessionId: 'unknown' })).toBeNull();
    expect(registry.find({ ...request, resume: other.request.resume })).toBeNull();
    expect(registry.find({ ...request, sessionId: other.held.session.id })).toBeNull();
    const connection = { ...request.connection, nonce: 'm'.repeat(22) };
    expect(registry.find({ ...request, connection })).toBeNull();
    expect(registry.find(request)).toBe(held);
  });

  test('nothing once the session has ended', () => {
    const { held, request } = listening();
    registry.end(held);
    expect(registry.find(request)).toBeNull();
  });
});

describe('a lost session', () => {
  test('is kept for the window, to the tick, and then ends with its turn', () => {
    const { held, request } = listening();
    registry.suspend(held);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect([registry.size, registry.lostCount, turns[0]?.finished, count('SESSION_EXPIRED')]).toEqual([1, 1, false, 0]);
    vi.advanceTimersByTime(1);
    expect([registry.size, registry.lostCount, turns[0]?.finished, count('SESSION_EXPIRED')]).toEqual([0, 0, true, 1]);
    expect(measured.filter(([name]) => name === 'expired')).toHaveLength(1);
    expect(registry.find(request)).toBeNull();
  });

  test('has at least the window, also when it was lost in the middle of a tick', () => {
    registry.suspend(listening().held);
    vi.advanceTimersByTime(500);
    const { held } = listening();
    registry.suspend(held);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect(registry.size).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(registry.size).toBe(0);
  });

  test('that is taken up does not run out; lost again, it has the whole window again', () => {
    const { held } = listening();
    registry.suspend(held);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    registry.resume(held);
    // Its turn's summary is the one timer that is left.
    expect([registry.size, registry.lostCount, vi.getTimerCount()]).toEqual([1, 0, 1]);
    vi.advanceTimersByTime(2 * RESUME_WINDOW_MS);
    registry.suspend(held);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect(registry.size).toBe(1);
  });

  test('is taken up with the time since its loss, and one that was not lost with none', () => {
    let at = 0;
    make({ monotonicNow: () => at });
    const { held } = listening();
    expect(registry.resume(held)).toBe(0);
    at = 300;
    registry.suspend(held);
    at = 1_000;
    expect(registry.resume(held)).toBe(700);
    at = 1_005;
    expect(registry.resume(held)).toBe(0);
  });

  test('does not run out while a connection that asks for it is being welcomed, and gains no time by it', () => {
    const { held } = listening();
    registry.suspend(held);
    held.pendingResumes = 1;
    vi.advanceTimersByTime(RESUME_WINDOW_MS + 5_000);
    expect([registry.size, registry.lostCount]).toEqual([1, 1]);
    held.pendingResumes = 0;
    vi.advanceTimersByTime(1_000);
    expect([registry.size, registry.lostCount, count('SESSION_EXPIRED')]).toEqual([0, 0, 1]);
  });

  test('H22 a machine that sleeps costs it one tick and not its window', () => {
    const { held } = listening();
    registry.suspend(held);
    vi.advanceTimersByTime(1_000);
    // A day passes, in which no timer runs.
    vi.setSystemTime(Date.now() + 86_400_000);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 2_000);
    expect(registry.size).toBe(1);
  });

  test('beyond the cap the one lost longest ends, and the log says why', () => {
    make({ limits: { ...LIMITS, lostSessions: 2 } });
    const [first, second, third] = [listening().held, listening().held, listening().held];
    registry.suspend(first);
    registry.suspend(second);
    // Lost again: now it is the one that was lost last.
    registry.resume(first);
    registry.suspend(first);
    registry.suspend(third);
    expect(logged.filter((entry) => entry.event === 'SESSION_EXPIRED')).toEqual([
      { event: 'SESSION_EXPIRED', fields: { session: second.session.id, why: 'too many lost sessions' } },
    ]);
    expect([registry.size, registry.lostCount]).toEqual([2, 2]);
  });
});

test('the end of a session comes once, however often it is asked for', () => {
  const { held } = listening();
  registry.end(held);
  registry.end(held);
  expect([registry.size, turns.length, count('VOICE_STATE')]).toEqual([0, 1, 2]);
});

test('close waits for every recording, also of those that ended before', async () => {
  const finish: Array<() => void> = [];
  make({
    sink: {
      begin: () => ({
        write: () => true,
        gap: () => true,
        microphone: () => undefined,
        finish: () => new Promise((resolve) => finish.push(() => resolve(null))),
      }),
    },
  });
  registry.end(listening().held);
  registry.suspend(listening().held);
  listening();
  let closed = false;
  const closing = registry.close().then(() => {
    closed = true;
  });
  expect(registry.size).toBe(0);
  for (const done of finish) {
    await Promise.resolve();
    expect(closed).toBe(false);
    done();
  }
  await closing;
  expect(finish).toHaveLength(3);
});
