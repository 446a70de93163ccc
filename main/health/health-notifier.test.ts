import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHealthNotifier, HEALTH_NOTIFY_MS } from './health-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('notifies once, 1 s after a change, and never synchronously', () => {
  const notify = vi.fn();
  const notifier = createHealthNotifier(notify);
  notifier.changed();
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS - 1);
  expect(notify).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('does not notify or run a timer without changes', () => {
  const notify = vi.fn();
  const notifier = createHealthNotifier(notify);
  expect(vi.getTimerCount()).toBe(0);
  notifier.changed();
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60 * HEALTH_NOTIFY_MS);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('notifies once per second for 50 changes per second', () => {
  const notify = vi.fn();
  const notifier = createHealthNotifier(notify);
  for (let ms = 0; ms < 10_000; ms += 20) {
    notifier.changed();
    vi.advanceTimersByTime(20);
  }
  expect(notify).toHaveBeenCalledTimes(10);
});

test('property: notifications are at least 1 s apart, and the last change is always included', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2_500), { minLength: 1, maxLength: 50 }), (pauses) => {
      const notifiedAt: number[] = [];
      const notifier = createHealthNotifier(() => notifiedAt.push(Date.now()));
      let changed = 0;
      for (const pause of pauses) {
        vi.advanceTimersByTime(pause);
        notifier.changed();
        changed = Date.now();
      }
      vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
      for (const [i, at] of notifiedAt.entries())
        expect(at - (notifiedAt[i - 1] ?? 0)).toBeGreaterThanOrEqual(HEALTH_NOTIFY_MS);
      expect(notifiedAt.at(-1)).toBeGreaterThanOrEqual(changed);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('does not notify after stop, neither of pending nor of later changes', () => {
  const notify = vi.fn();
  const notifier = createHealthNotifier(notify);
  notifier.changed();
  notifier.stop();
  notifier.changed();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(notify).not.toHaveBeenCalled();
});
