import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdLock } from './id-lock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that ends when it is told to. */
function held(): { work: () => Promise<string>; started: () => boolean; end: () => void } {
  let started = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    work: async () => {
      started = true;
      await ended;
      return 'done';
    },
    started: () => started,
    end: () => end(),
  };
}

test('changes of one recording run one after the other, those of another at once', async () => {
  const lock = new IdLock();
  const [first, second, other] = [held(), held(), held()];
  const results = [lock.run('a', first.work), lock.run('a', second.work), lock.run('b', other.work)];
  await vi.advanceTimersByTimeAsync(0);
  expect([first, second, other].map(({ started }) => started())).toEqual([true, false, true]);
  first.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(second.started()).toBe(true);
  second.end();
  other.end();
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done']);
});

test('a change that fails does not stop the next one', async () => {
  const lock = new IdLock();
  const failed = lock.run('a', () => Promise.reject(new Error('no')));
  const next = lock.run('a', async () => 'done');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('done');
});

test('a change that waits too long fails without being made, and later ones still wait for the first', async () => {
  const lock = new IdLock();
  const [first, second, third] = [held(), held(), held()];
  const results = [lock.run('a', first.work), lock.run('a', second.work, 50), lock.run('a', third.work, 10_000)];
  const refused = expect(results[1]).rejects.toMatchObject({
    code: 'recording_busy',
    message: expect.stringMatching(/Try again in a moment\.$/),
  });
  await vi.advanceTimersByTimeAsync(100);
  await refused;
  expect([second.started(), third.started()]).toEqual([false, false]);
  first.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(third.started()).toBe(true);
  third.end();
  expect(await results[2]).toBe('done');
});
