import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  BUSY_DELAY_MS,
  CHECK_EVERY_MS,
  CHECK_RETRIES,
  CHECK_RETRY_MS,
  createCheckSchedule,
} from './updates-schedule.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function rig() {
  const state = { busy: false, online: true };
  const check = vi.fn(async () => state.online);
  return { state, check, schedule: createCheckSchedule({ isBusy: () => state.busy, check }) };
}

/** Advances the clock. @returns the number of checks in that time */
async function checksIn(ms: number, check: { mock: { calls: unknown[] } }): Promise<number> {
  const before = check.mock.calls.length;
  await vi.advanceTimersByTimeAsync(ms);
  return check.mock.calls.length - before;
}

test('checks at the start, and once a day in an app that stays open for weeks', async () => {
  const { check, schedule } = rig();
  await schedule.watch(true);
  expect(check).toHaveBeenCalledTimes(1);
  expect(await checksIn(CHECK_EVERY_MS - 1, check)).toBe(0);
  expect(await checksIn(1, check)).toBe(1);
  expect(await checksIn(20 * CHECK_EVERY_MS, check)).toBe(20);
  expect(vi.getTimerCount()).toBe(1);
});

test('a failed check at the start is retried some minutes later', async () => {
  const { state, check, schedule } = rig();
  state.online = false;
  await schedule.watch(true);
  state.online = true;
  expect(await checksIn(CHECK_RETRY_MS, check)).toBe(1);
  expect(await checksIn(CHECK_EVERY_MS - 1, check)).toBe(0);
  expect(await checksIn(1, check)).toBe(1);
});

test('without network it retries a few times a day', async () => {
  const { state, check, schedule } = rig();
  state.online = false;
  await schedule.watch(true);
  expect(await checksIn(CHECK_RETRIES * CHECK_RETRY_MS, check)).toBe(CHECK_RETRIES);
  expect(await checksIn(CHECK_EVERY_MS - 1, check)).toBe(0);
  expect(await checksIn(1, check)).toBe(1);
  expect(await checksIn(CHECK_RETRIES * CHECK_RETRY_MS, check)).toBe(CHECK_RETRIES);
});

test.each([
  ['for the end of a turn', { busy: true, online: true }],
  ['after a failure', { busy: false, online: false }],
  ['for the next day', { busy: false, online: true }],
])('switching off cancels a check that waits %s', async (_why, changes) => {
  const { state, check, schedule } = rig();
  Object.assign(state, changes);
  await schedule.watch(true);
  expect(vi.getTimerCount()).toBe(1);
  await schedule.watch(false);
  expect(vi.getTimerCount()).toBe(0);
  state.busy = false;
  expect(await checksIn(2 * CHECK_EVERY_MS, check)).toBe(0);
});

test('switching off during a check prevents further ones; switching on again during the same check does not start a second one', async () => {
  const { check, schedule } = rig();
  let answer = (_answered: boolean) => {};
  check.mockImplementation(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const first = schedule.watch(true);
  await schedule.watch(false);
  answer(false);
  await first;
  expect(vi.getTimerCount()).toBe(0);

  const second = schedule.watch(true);
  await schedule.watch(false);
  const third = schedule.watch(true);
  expect(check).toHaveBeenCalledTimes(2);
  answer(true);
  await Promise.all([second, third]);
  expect(vi.getTimerCount()).toBe(1);
  expect(await checksIn(CHECK_EVERY_MS, check)).toBe(1);
});

test('a turn delays the daily check until the minute after its end', async () => {
  const { state, check, schedule } = rig();
  await schedule.watch(true);
  state.busy = true;
  expect(await checksIn(CHECK_EVERY_MS + 10 * BUSY_DELAY_MS, check)).toBe(0);
  state.busy = false;
  expect(await checksIn(BUSY_DELAY_MS, check)).toBe(1);
});

test('a manual check replaces the scheduled one, and schedules none if checks are off', async () => {
  const { state, check, schedule } = rig();
  await schedule.checkNow();
  expect(vi.getTimerCount()).toBe(0);
  state.online = false;
  await schedule.watch(true);
  state.online = true;
  await schedule.checkNow();
  expect(await checksIn(CHECK_EVERY_MS - 1, check)).toBe(0);
  expect(await checksIn(1, check)).toBe(1);
});

test('a scheduled check does not keep the process alive', async () => {
  vi.useRealTimers();
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const { schedule } = rig();
  await schedule.watch(true);
  const timer = timers.mock.results.at(-1)?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  await schedule.watch(false);
  timers.mockRestore();
});
