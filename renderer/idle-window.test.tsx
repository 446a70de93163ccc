// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wakeUpsInAMinute } from '../testing/wake-ups.ts';
import { App } from './app.tsx';
import { renderWindow } from './testing/render-window.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an idle window wakes up at most once in ten seconds', async () => {
  renderWindow(<App />);
  // What follows the start: the first readings, and notes that disappear.
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(await wakeUpsInAMinute()).toBeLessThanOrEqual(6);
});
