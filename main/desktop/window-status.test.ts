import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BrowserWindow, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { createWindowStatuses, STATUS_LIMIT_MS, type WindowStatuses } from './window-status.ts';
import { trackWindows } from './windows.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let statuses: WindowStatuses;
beforeEach(() => {
  resetFake();
  vi.useFakeTimers();
  statuses = createWindowStatuses({ windows: trackWindows() });
});
afterEach(() => {
  vi.useRealTimers();
});

const REPORT = { state: 'listening', seconds: 3, session: 's1', level_dbfs: -20 } as const;
const NO_ANSWER = { state: 'no_answer', seconds: null, session: null, level_dbfs: null };
const requestsTo = (window: BrowserWindow) => window.webContents.sent.map(({ payload }) => payload);
const answer = (window: BrowserWindow, request: unknown, report: object = REPORT) =>
  statuses.onReport(window.webContents as never, { request, ...report });

test('each window is asked once, and the status is complete when all have answered', async () => {
  const [first, second] = [openFakeWindow(), openFakeWindow()];
  second.focus();
  const asked = statuses.ask();
  expect(first.webContents.sent).toEqual([{ channel: 'earshot:onStatusRequest', payload: 1 }]);
  answer(second, 1);
  answer(first, 1, { ...REPORT, state: 'idle' });
  expect(await asked).toEqual([
    { window: first.id, current: false, ...REPORT, state: 'idle' },
    { window: second.id, current: true, ...REPORT },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a window that does not answer in time, and one that has crashed, are reported as such', async () => {
  const [good, hanging, crashed] = [openFakeWindow(), openFakeWindow(), openFakeWindow()];
  crashed.webContents.die('crashed');
  const asked = statuses.ask();
  expect(requestsTo(crashed)).toEqual([]);
  answer(good, 1);
  await vi.advanceTimersByTimeAsync(STATUS_LIMIT_MS);
  expect(await asked).toEqual([
    { window: good.id, current: true, ...REPORT },
    { window: hanging.id, current: false, ...NO_ANSWER },
    { window: crashed.id, current: false, ...NO_ANSWER },
  ]);
  // Too late
  answer(hanging, 1);
});

test('answers to other requests, of other pages and of another form are ignored', async () => {
  const window = openFakeWindow();
  const asked = statuses.ask();
  const later = openFakeWindow();
  answer(later, 1);
  answer(window, 2);
  answer(window, 'x');
  answer(window, 1, { ...REPORT, level_dbfs: 'loud' });
  await vi.advanceTimersByTimeAsync(STATUS_LIMIT_MS);
  expect(await asked).toMatchObject([{ window: window.id, state: 'no_answer' }]);
});

test('two questions at once get an answer each', async () => {
  const window = openFakeWindow();
  const [first, second] = [statuses.ask(), statuses.ask()];
  answer(window, 2, { ...REPORT, seconds: 2 });
  answer(window, 1, { ...REPORT, seconds: 1 });
  expect(await first).toMatchObject([{ seconds: 1 }]);
  expect(await second).toMatchObject([{ seconds: 2 }]);
});

test('without a window the answer is empty', async () => {
  expect(await statuses.ask()).toEqual([]);
});
