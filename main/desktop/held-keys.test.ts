import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { app, FakeEvent, FakeWebContents, resetFake } from '../testing/fake-electron.ts';
import { createRepeatFilter, REPEAT_AFTER_MS, REPEAT_EVERY_MS, setupHeldMenuKeys } from './held-keys.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(() => {
  resetFake();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('H61 a global shortcut', () => {
  /** Simulates keys held for `ms` with a system's repeat delay and rate. */
  function hold(onShortcut: () => void, { ms, after, every }: { ms: number; after: number; every: number }): void {
    onShortcut();
    let at = 0;
    for (let next = after; next <= ms; next += every) {
      vi.advanceTimersByTime(next - at);
      at = next;
      onShortcut();
    }
    vi.advanceTimersByTime(ms - at);
  }

  test.each([
    ['the key repeat of X.Org', { ms: 1_200, after: 660, every: 40 }],
    ['the key repeat of most desktops', { ms: 1_200, after: 500, every: 33 }],
    ['the shortest delay on Windows', { ms: 600, after: 250, every: 33 }],
    ['the longest delay on Windows', { ms: 3_000, after: 1_000, every: 33 }],
    ['a slow key repeat', { ms: 1_200, after: 400, every: 100 }],
    ['a release before the first repeat', { ms: 600, after: 660, every: 40 }],
  ])('held with %s is one press, without delay', (_, keys) => {
    const onPress = vi.fn();
    const onShortcut = createRepeatFilter(onPress);
    onShortcut();
    expect(onPress).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10_000);
    onPress.mockClear();
    hold(onShortcut, keys);
    vi.advanceTimersByTime(10_000);
    expect(onPress).toHaveBeenCalledTimes(1);
  });

  test.each([200, 400, 660, 1_000])('pressed twice within %i ms is two presses', (ms) => {
    const onPress = vi.fn();
    const onShortcut = createRepeatFilter(onPress);
    onShortcut();
    vi.advanceTimersByTime(ms);
    onShortcut();
    vi.advanceTimersByTime(REPEAT_EVERY_MS);
    expect(onPress).toHaveBeenCalledTimes(2);
  });

  test('pressed again after it was held counts as another press', () => {
    const onPress = vi.fn();
    const onShortcut = createRepeatFilter(onPress);
    hold(onShortcut, { ms: 1_200, after: 660, every: 40 });
    vi.advanceTimersByTime(300);
    onShortcut();
    vi.advanceTimersByTime(REPEAT_EVERY_MS);
    expect(onPress).toHaveBeenCalledTimes(2);
  });

  test('a press long after the last one takes effect immediately', () => {
    const onPress = vi.fn();
    const onShortcut = createRepeatFilter(onPress);
    onShortcut();
    vi.advanceTimersByTime(REPEAT_AFTER_MS + 1);
    onShortcut();
    expect(onPress).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H60 setting the wall clock has no effect', () => {
    const onPress = vi.fn();
    const onShortcut = createRepeatFilter(onPress);
    onShortcut();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(40);
    onShortcut();
    vi.setSystemTime(Date.now() - 7_200_000);
    vi.advanceTimersByTime(2_000);
    onShortcut();
    expect(onPress).toHaveBeenCalledTimes(2);
  });
});

describe('H61 keys of the menu', () => {
  /** Whether the page and the menu receive the key event. */
  function passes(input: { key: string; isAutoRepeat: boolean; control?: boolean; meta?: boolean }): boolean {
    const contents = new FakeWebContents();
    app.emit('web-contents-created', new FakeEvent(), contents);
    const event = new FakeEvent();
    contents.emit('before-input-event', event, { control: false, meta: false, ...input });
    return !event.defaultPrevented;
  }
  beforeEach(() => setupHeldMenuKeys());

  test.each([
    ['a new window', { key: 'n', control: true }],
    ['a new window on macOS', { key: 'n', meta: true }],
    ['with Caps Lock on', { key: 'N', control: true }],
    ['closing', { key: 'w', control: true }],
    ['full screen', { key: 'F11' }],
  ])('%s: pressed once, even if held', (_, keys) => {
    expect(passes({ ...keys, isAutoRepeat: false })).toBe(true);
    expect(passes({ ...keys, isAutoRepeat: true })).toBe(false);
  });

  test.each([
    ['writing', { key: 'n' }],
    ['zooming', { key: '+', control: true }],
    ['undoing', { key: 'z', control: true }],
  ])('%s: repeats while held', (_, keys) => {
    expect(passes({ ...keys, isAutoRepeat: true })).toBe(true);
  });
});
