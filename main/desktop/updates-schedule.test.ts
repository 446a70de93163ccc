import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  CHECK_EVERY_MS,
  CHECK_RETRIES,
  CHECK_RETRY_MS,
  CHECK_WAIT_MS,
  createCheckSchedule,
} from './updates-schedule.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function rig() {
  const world = { busy: false, online: true };
  const look = vi.fn(async () => world.online);
  return { world, look, schedule: createCheckSchedule({ isBusy: () => world.busy, check: look }) };
}

/** Lets `ms` pass. @returns how many looks that brought */
async function looksIn(ms: number, look: { mock: { calls: unknown[] } }): Promise<number> {
  const before = look.mock.calls.length;
  await vi.advanceTimersByTimeAsync(ms);
  return look.mock.calls.length - before;
}

test('looks at the start, and once a day in an app that stays open for weeks', async () => {
  const { look, schedule } = rig();
  await schedule.watch(true);
  expect(look).toHaveBeenCalledTimes(1);
  expect(await looksIn(CHECK_EVERY_MS - 1, look)).toBe(0);
  expect(await looksIn(1, look)).toBe(1);
  expect(await looksIn(20 * CHECK_EVERY_MS, look)).toBe(20);
  expect(vi.getTimerCount()).toBe(1);
});

test('a start without network is made up for some minutes later', async () => {
  const { world, look, schedule } = rig();
  world.online = false;
  await schedule.watch(true);
  world.online = true;
  expect(await looksIn(CHECK_RETRY_MS, look)).toBe(1);
  expect(await looksIn(CHECK_EVERY_MS - 1, look)).toBe(0);
  expect(await looksIn(1, look)).toBe(1);
});

test('without network it tries a few times a day, and not for ever', async () => {
  const { world, look, schedule } = rig();
  world.online = false;
  await schedule.watch(true);
  expect(await looksIn(CHECK_RETRIES * CHECK_RETRY_MS, look)).toBe(CHECK_RETRIES);
  expect(await looksIn(CHECK_EVERY_MS - 1, look)).toBe(0);
  expect(await looksIn(1, look)).toBe(1);
  expect(await looksIn(CHECK_RETRIES * CHECK_RETRY_MS, look)).toBe(CHECK_RETRIES);
});

test.each([
  ['for the end of a turn', { busy: true, online: true }],
  ['after a failure', { busy: false, online: false }],
  ['for the next day', { busy: false, online: true }],
])('switched off, a check that waits %s is dropped', async (_why, state) => {
  const { world, look, schedule } = rig();
  Object.assign(world, state);
  await schedule.watch(true);
  expect(vi.getTimerCount()).toBe(1);
  await schedule.watch(false);
  expect(vi.getTimerCount()).toBe(0);
  world.busy = false;
  expect(await looksIn(2 * CHECK_EVERY_MS, look)).toBe(0);
});

test('switched off while a look is under way, none follows; switched on again meanwhile, it is the same look', async () => {
  const { look, schedule } = rig();
  let answer = (_answered: boolean) => {};
  look.mockImplementation(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const first = schedule.watch(true);
  await schedule.watch(false);
  answer(false);
  await first;
  expect(vi.getTimerCount()).toBe(0);

  const second = schedule.watch(true);
  await schedule.watch(false);
  const third = schedule.watch(true);
  expect(look).toHaveBeenCalledTimes(2);
  answer(true);
  await Promise.all([second, third]);
  expect(vi.getTimerCount()).toBe(1);
  expect(await looksIn(CHECK_EVERY_MS, look)).toBe(1);
});

test('a turn at the time of the daily check puts it off to the minute after its end', async () => {
  const { world, look, schedule } = rig();
  await schedule.watch(true);
  world.busy = true;
  expect(await looksIn(CHECK_EVERY_MS + 10 * CHECK_WAIT_MS, look)).toBe(0);
  world.busy = false;
  expect(await looksIn(CHECK_WAIT_MS, look)).toBe(1);
});

test('a look by hand takes the place of the one that waits, and leaves nothing behind where none is wanted', async () => {
  const { world, look, schedule } = rig();
  await schedule.checkNow();
  expect(vi.getTimerCount()).toBe(0);
  world.online = false;
  await schedule.watch(true);
  world.online = true;
  await schedule.checkNow();
  expect(await looksIn(CHECK_EVERY_MS - 1, look)).toBe(0);
  expect(await looksIn(1, look)).toBe(1);
});

test('a waiting check keeps no program alive', async () => {
  vi.useRealTimers();
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const { schedule } = rig();
  await schedule.watch(true);
  const timer = timers.mock.results.at(-1)?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  await schedule.watch(false);
  timers.mockRestore();
});
