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

/** A session in a turn whose client has a resume token. */
function startListening(userId = 'ada') {
  const entry = registry.create(userId);
  const resume = entry.tokens.issue();
  const peer = { strikes: 0, send: () => undefined, ready: () => 'accepted' as const, onStrikeLimit: () => undefined };
  entry.session.attach(peer, -1);
  entry.session.onText('{"event":"start"}', peer);
  entry.tokens.confirm(resume);
  const connection = { path: '/ws/voice', host: '127.0.0.1:1', origin: 'http://127.0.0.1:2', nonce: 'n'.repeat(22) };
  const proof = sign(resume, signedText('resume', connection));
  return { entry, request: { userId, sessionId: entry.session.id, resume: proof, connection } };
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

describe('find', () => {
  test('requires the right id, user and proof for this connection', () => {
    const { entry, request } = startListening();
    const other = startListening('bob');
    expect(registry.find({ ...request, sessionId: null })).toBeNull();
    expect(registry.find({ ...request, resume: null })).toBeNull();
    expect(registry.find({ ...request, userId: 'bob' })).toBeNull();
    expect(registry.find({ ...request, sessionId: 'unknown' })).toBeNull();
    expect(registry.find({ ...request, resume: other.request.resume })).toBeNull();
    expect(registry.find({ ...request, sessionId: other.entry.session.id })).toBeNull();
    const connection = { ...request.connection, nonce: 'm'.repeat(22) };
    expect(registry.find({ ...request, connection })).toBeNull();
    expect(registry.find(request)).toBe(entry);
  });

  test('returns null once the session has ended', () => {
    const { entry, request } = startListening();
    registry.end(entry);
    expect(registry.find(request)).toBeNull();
  });
});

describe('a lost session', () => {
  test('is kept for exactly the resume window and then ends with its turn', () => {
    const { entry, request } = startListening();
    registry.suspend(entry);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect([registry.size, registry.lostCount, turns[0]?.finished, count('SESSION_EXPIRED')]).toEqual([1, 1, false, 0]);
    vi.advanceTimersByTime(1);
    expect([registry.size, registry.lostCount, turns[0]?.finished, count('SESSION_EXPIRED')]).toEqual([0, 0, true, 1]);
    expect(measured.filter(([name]) => name === 'expired')).toHaveLength(1);
    expect(registry.find(request)).toBeNull();
  });

  test('is kept for at least the resume window if it was lost in the middle of a tick', () => {
    registry.suspend(startListening().entry);
    vi.advanceTimersByTime(500);
    const { entry } = startListening();
    registry.suspend(entry);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect(registry.size).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(registry.size).toBe(0);
  });

  test('does not expire once resumed; if lost again, it gets the whole window again', () => {
    const { entry } = startListening();
    registry.suspend(entry);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    registry.resume(entry);
    // The only remaining timer is that of the turn's audio summary.
    expect([registry.size, registry.lostCount, vi.getTimerCount()]).toEqual([1, 0, 1]);
    vi.advanceTimersByTime(2 * RESUME_WINDOW_MS);
    registry.suspend(entry);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect(registry.size).toBe(1);
  });

  test('returns the time since the loss when resumed, or 0 if it was not lost', () => {
    let at = 0;
    make({ monotonicNow: () => at });
    const { entry } = startListening();
    expect(registry.resume(entry)).toBe(0);
    at = 300;
    registry.suspend(entry);
    at = 1_000;
    expect(registry.resume(entry)).toBe(700);
    at = 1_005;
    expect(registry.resume(entry)).toBe(0);
  });

  test('does not expire while a resume is pending, but gains no extra time', () => {
    const { entry } = startListening();
    registry.suspend(entry);
    entry.pendingResumes = 1;
    vi.advanceTimersByTime(RESUME_WINDOW_MS + 5_000);
    expect([registry.size, registry.lostCount]).toEqual([1, 1]);
    entry.pendingResumes = 0;
    vi.advanceTimersByTime(1_000);
    expect([registry.size, registry.lostCount, count('SESSION_EXPIRED')]).toEqual([0, 0, 1]);
  });

  test('H22 a sleeping machine uses up one tick, not the whole window', () => {
    const { entry } = startListening();
    registry.suspend(entry);
    vi.advanceTimersByTime(1_000);
    // A day passes without timers.
    vi.setSystemTime(Date.now() + 86_400_000);
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 2_000);
    expect(registry.size).toBe(1);
  });

  test('ends if there are too many and it was lost first; the log says why', () => {
    make({ limits: { ...LIMITS, lostSessions: 2 } });
    const [first, second, third] = [startListening().entry, startListening().entry, startListening().entry];
    registry.suspend(first);
    registry.suspend(second);
    // Lost again, so it is now the most recent one.
    registry.resume(first);
    registry.suspend(first);
    registry.suspend(third);
    expect(logged.filter((entry) => entry.event === 'SESSION_EXPIRED')).toEqual([
      { event: 'SESSION_EXPIRED', fields: { session: second.session.id, why: 'too many lost sessions' } },
    ]);
    expect([registry.size, registry.lostCount]).toEqual([2, 2]);
  });
});

test('ending a session twice has no further effect', () => {
  const { entry } = startListening();
  registry.end(entry);
  registry.end(entry);
  expect([registry.size, turns.length, count('VOICE_STATE')]).toEqual([0, 1, 2]);
});

test('close waits for every recording, including those of sessions that ended before', async () => {
  const finish: Array<() => void> = [];
  make({
    sink: {
      begin: () => ({
        write: () => true,
        gap: () => true,
        microphone: () => undefined,
        pause: () => undefined,
        finish: () => new Promise((resolve) => finish.push(() => resolve(null))),
      }),
    },
  });
  registry.end(startListening().entry);
  registry.suspend(startListening().entry);
  startListening();
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
