import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { Log } from '../../shared/log-event.ts';
import type { ListenerState } from './check-listener.ts';
import { RESTART_PAUSES_MS, STABLE_MS } from './restart-policy.ts';
import { CHECK_EVERY_MS, type ServerSupervisor, superviseServer } from './supervise-server.ts';

const PORT = 40_123;
const ALL_PAUSES_MS = RESTART_PAUSES_MS.reduce<number>((sum, ms) => sum + ms, 0);

let state: ListenerState;
/** Whether a restart succeeds. */
let repairable: boolean;
let supervisor: ServerSupervisor;
let logged: Array<[LogEventName, Record<string, unknown>]>;
const check = vi.fn(async () => state);
const restart = vi.fn(async () => {
  if (!repairable) throw new Error('no port');
  state = 'answers';
  return PORT;
});
const log: Log = (event, fields = {}) => void logged.push([event, fields]);
const events = () => logged.map(([event]) => event);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  logged = [];
  state = 'answers';
  repairable = true;
  supervisor = superviseServer({ server: 'voice', check, restart, log });
});
afterEach(() => {
  supervisor.stop();
  expect(vi.getTimerCount(), 'timers left').toBe(0);
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('checks a reachable server every 20 s with one timer and does not restart it', async () => {
  expect(CHECK_EVERY_MS).toBe(20_000);
  await pass(10 * CHECK_EVERY_MS);
  expect(check).toHaveBeenCalledTimes(10);
  expect(vi.getTimerCount()).toBe(1);
  expect(restart).not.toHaveBeenCalled();
  expect(logged).toEqual([]);
});

test('restarts a server that no longer listens at the next check and logs it', async () => {
  state = 'refused';
  await pass(CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(1);
  expect(logged).toEqual([
    ['SERVER_FAILED', { server: 'voice', why: 'nothing listens on its port' }],
    ['SERVER_RESTARTED', { server: 'voice', tries: 1, port: PORT }],
  ]);
  await pass(CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(1);
});

test('restarts a silent server only after two checks', async () => {
  check.mockResolvedValueOnce('silent');
  await pass(CHECK_EVERY_MS);
  expect(restart).not.toHaveBeenCalled();
  state = 'silent';
  await pass(CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(1);
  expect(logged[0]).toEqual(['SERVER_FAILED', { server: 'voice', why: 'it does not answer on its port' }]);
});

test('does nothing if the state is unknown', async () => {
  state = 'unknown';
  await pass(5 * CHECK_EVERY_MS);
  expect(restart).not.toHaveBeenCalled();
  expect(logged).toEqual([]);
});

test('checks immediately on request, at most once per second', async () => {
  state = 'refused';
  supervisor.checkNow();
  await pass(0);
  expect(restart).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 100; i++) supervisor.checkNow();
  await pass(0);
  expect(check).toHaveBeenCalledTimes(1);
  await pass(1_000);
  supervisor.checkNow();
  await pass(0);
  expect(check).toHaveBeenCalledTimes(2);
});

test('retries a failed restart with growing pauses and then gives up with an error', async () => {
  state = 'refused';
  repairable = false;
  await pass(CHECK_EVERY_MS + ALL_PAUSES_MS);
  expect(restart).toHaveBeenCalledTimes(RESTART_PAUSES_MS.length);
  expect(logged.flatMap(([event, { ms }]) => (event === 'SERVER_RESTARTING' ? [ms] : []))).toEqual(
    RESTART_PAUSES_MS.slice(1),
  );
  expect(logged.at(-1)).toEqual(['SERVER_GIVEN_UP', { server: 'voice', tries: RESTART_PAUSES_MS.length }]);
  await pass(10 * CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(RESTART_PAUSES_MS.length);
});

test('retries after giving up when a window asks and when the machine wakes', async () => {
  state = 'refused';
  repairable = false;
  await pass(CHECK_EVERY_MS + ALL_PAUSES_MS);
  supervisor.checkNow();
  await pass(ALL_PAUSES_MS);
  expect(restart).toHaveBeenCalledTimes(2 * RESTART_PAUSES_MS.length);
  repairable = true;
  supervisor.onWake();
  await pass(0);
  expect(restart).toHaveBeenCalledTimes(2 * RESTART_PAUSES_MS.length + 1);
  expect(events().slice(-3)).toEqual(['WOKE', 'SERVER_FAILED', 'SERVER_RESTARTED']);
  state = 'refused';
  await pass(CHECK_EVERY_MS);
  expect(events().at(-1)).toBe('SERVER_RESTARTED');
});

test('checks immediately on wake, and ends a pause between two attempts', async () => {
  state = 'refused';
  repairable = false;
  await pass(CHECK_EVERY_MS + 1_000);
  expect(restart).toHaveBeenCalledTimes(2);
  repairable = true;
  supervisor.onWake();
  await pass(0);
  expect(restart).toHaveBeenCalledTimes(3);
  expect(events().at(-1)).toBe('SERVER_RESTARTED');
});

test('treats a jump of the wall clock as a wake, because only the desktop app gets an event for it', async () => {
  state = 'refused';
  repairable = false;
  await pass(CHECK_EVERY_MS + ALL_PAUSES_MS);
  expect(events().at(-1)).toBe('SERVER_GIVEN_UP');
  repairable = true;
  vi.setSystemTime(Date.now() + 3_600_000);
  await pass(CHECK_EVERY_MS);
  expect(events().slice(-3)).toEqual(['WOKE', 'SERVER_FAILED', 'SERVER_RESTARTED']);
});

test('gives up on a server that fails soon after each restart, unless it ran for a minute', async () => {
  const fail = async () => {
    state = 'refused';
    await pass(CHECK_EVERY_MS + ALL_PAUSES_MS);
  };
  for (let i = 0; i < 2; i++) {
    await fail();
    await pass(STABLE_MS);
  }
  expect(logged.flatMap(([event, { tries }]) => (event === 'SERVER_RESTARTED' ? [tries] : []))).toEqual([1, 1]);
  restart.mockImplementation(async () => PORT);
  await fail();
  await pass(10 * CHECK_EVERY_MS);
  expect(events().at(-1)).toBe('SERVER_GIVEN_UP');
  restart.mockReset();
});

test('does not check or restart after a stop, even during a pause', async () => {
  state = 'refused';
  repairable = false;
  await pass(CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(1);
  supervisor.stop();
  supervisor.checkNow();
  supervisor.onWake();
  await pass(10 * CHECK_EVERY_MS);
  expect(restart).toHaveBeenCalledTimes(1);
  expect(check).toHaveBeenCalledTimes(1);
});
