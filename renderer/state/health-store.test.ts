import { expect, test, vi } from 'vitest';
import type { Health } from '../../shared/health.ts';
import { fakeBridge, healthOf } from '../testing/fakes.ts';
import { createHealthStore, WATCH_EVERY_MS } from './health-store.ts';

const OLD = healthOf({ settle_delay_ms: 2 });
const NEW = healthOf({ settle_delay_ms: 8 });

test('health is loaded once, then updated by pushes', async () => {
  const getHealth = vi.fn(async () => OLD);
  const { bridge, emit } = fakeBridge({ getHealth });
  const store = createHealthStore(bridge);
  expect(store.getState().health).toBeNull();
  await vi.waitFor(() => expect(store.getState().health).toBe(OLD));
  emit('onHealth', NEW);
  expect(store.getState().health).toBe(NEW);
  expect(getHealth).toHaveBeenCalledTimes(1);
});

test('a response that arrives after a push is ignored', async () => {
  let answer: (health: Health) => void = () => {};
  const { bridge, emit } = fakeBridge({
    getHealth: () =>
      new Promise<Health>((resolve) => {
        answer = resolve;
      }),
  });
  const store = createHealthStore(bridge);
  const loading = store.load();
  emit('onHealth', NEW);
  answer(OLD);
  await loading;
  expect(store.getState().health).toBe(NEW);
});

test('a failed request sets an error sentence and keeps the figures; the next response clears the error', async () => {
  let fails = false;
  const { bridge, emit } = fakeBridge({
    getHealth: async () => {
      if (fails) throw new Error('gone');
      return OLD;
    },
  });
  const store = createHealthStore(bridge);
  await store.load();
  fails = true;
  await store.load();
  expect(store.getState()).toEqual({ health: OLD, error: 'The connection figures could not be loaded.' });
  fails = false;
  await store.load();
  expect(store.getState().error).toBeNull();
  fails = true;
  await store.load();
  emit('onHealth', NEW);
  expect(store.getState()).toEqual({ health: NEW, error: null });
});

test('health is requested every few seconds while it is watched', async () => {
  vi.useFakeTimers();
  const watchHealth = vi.fn(async () => NEW);
  const { bridge } = fakeBridge({ getHealth: async () => OLD, watchHealth });
  const store = createHealthStore(bridge);
  expect(watchHealth).not.toHaveBeenCalled();
  const stopWatching = store.watch();
  await vi.advanceTimersByTimeAsync(2 * WATCH_EVERY_MS);
  expect(watchHealth).toHaveBeenCalledTimes(3);
  expect(store.getState().health).toBe(NEW);
  stopWatching();
  await vi.advanceTimersByTimeAsync(10 * WATCH_EVERY_MS);
  expect(watchHealth).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});

test('dispose unsubscribes from the bridge', async () => {
  const { bridge, emit } = fakeBridge({ getHealth: async () => OLD });
  const store = createHealthStore(bridge);
  await store.load();
  store.dispose();
  emit('onHealth', NEW);
  expect(store.getState().health).toBe(OLD);
});
