import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import { app, Notification, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { APP_ID, createNotifications, NOTIFY_INTERVAL_MS, setupAppId } from './notifications.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let isEnabled: boolean;
const showWindow = vi.fn();
beforeEach(() => {
  resetFake();
  showWindow.mockClear();
  isEnabled = true;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const saved: RecordingInfo = {
  id: 'a',
  session_id: 'session-of-ann',
  user_id: 'ann',
  turn: 1,
  started_at: '2026-11-22T19:26:03Z',
  duration_s: 3.6,
  gaps: [],
  peak_dbfs: null,
  rms_dbfs: null,
  complete: true,
};
const failed = { session_id: 'session-of-ann', code: 'disk_full', message: 'The disk of ann is full.' };

const notifications = () =>
  createNotifications({ isEnabled: () => isEnabled, showWindow, now: () => performance.now() });
const titles = () => Notification.shown.map(({ options }) => options.title);

test('a saved or lost recording shows a notification while no window is visible', () => {
  const notify = notifications();
  notify('onRecordingSaved', saved);
  vi.advanceTimersByTime(NOTIFY_INTERVAL_MS);
  notify('onRecordingFailed', failed);
  expect(Notification.shown.map(({ options }) => options)).toEqual([
    { title: 'Recording saved', body: '4 s' },
    { title: 'A recording could not be kept', body: 'Open Earshot to see what to do.' },
  ]);
  // It contains neither label nor path, because lock screens show it.
  expect(JSON.stringify(Notification.shown.map(({ options }) => options))).not.toContain('ann');
});

test('the notification of a recording that is deleted is withdrawn, and one that waits is not shown', () => {
  const notify = notifications();
  notify('onRecordingSaved', saved);
  notify('onRecordingSaved', { ...saved, id: 'b' });
  notify('onRecordingsRemoved', { ids: ['other'], why: 'deleted' });
  expect(titles()).toEqual(['Recording saved']);
  notify('onRecordingsRemoved', { ids: ['a', 'b'], why: 'deleted' });
  vi.advanceTimersByTime(NOTIFY_INTERVAL_MS);
  expect(titles()).toEqual([]);
});

test('a notification about a loss stays when another recording is deleted', () => {
  const notify = notifications();
  notify('onRecordingFailed', failed);
  notify('onRecordingsRemoved', { ids: ['a'], why: 'deleted' });
  expect(titles()).toHaveLength(1);
});

test.each([
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [185, '3 min 5 s'],
])('%d seconds are shown as %s', (duration_s, body) => {
  notifications()('onRecordingSaved', { ...saved, duration_s });
  expect(Notification.shown[0]?.options.body).toBe(body);
});

test('a visible window shows no notification; a hidden or minimised one does', () => {
  const notify = notifications();
  const [first, second] = [openFakeWindow(), openFakeWindow()];
  first.show();
  notify('onRecordingSaved', saved);
  expect(titles()).toEqual([]);
  first.minimized = true;
  second.hide();
  notify('onRecordingSaved', saved);
  expect(titles()).toEqual(['Recording saved']);
});

test('no notifications are shown if they are switched off or not supported', () => {
  const notify = notifications();
  isEnabled = false;
  notify('onRecordingFailed', failed);
  isEnabled = true;
  Notification.supported = false;
  notify('onRecordingFailed', failed);
  expect(titles()).toEqual([]);
});

test('other events show no notification', () => {
  notifications()('onMicCommand', 'toggle');
  expect(titles()).toEqual([]);
});

test('a hundred events show one notification at once and one a second later; a saved recording does not replace a lost one', () => {
  const notify = notifications();
  for (let i = 0; i < 50; i++) notify('onRecordingSaved', saved);
  notify('onRecordingFailed', failed);
  for (let i = 0; i < 50; i++) notify('onRecordingSaved', saved);
  expect(titles()).toEqual(['Recording saved']);
  vi.advanceTimersByTime(NOTIFY_INTERVAL_MS - 1);
  expect(titles()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(titles()).toEqual(['Recording saved', 'A recording could not be kept']);
  vi.advanceTimersByTime(10 * NOTIFY_INTERVAL_MS);
  expect(titles()).toHaveLength(2);
  notify('onRecordingSaved', saved);
  expect(titles()).toHaveLength(3);
});

test('a pending notification is dropped once a window is visible', () => {
  const notify = notifications();
  notify('onRecordingSaved', saved);
  notify('onRecordingFailed', failed);
  openFakeWindow().show();
  vi.advanceTimersByTime(NOTIFY_INTERVAL_MS);
  expect(titles()).toHaveLength(1);
});

test('a click shows the window', () => {
  notifications()('onRecordingSaved', saved);
  Notification.shown[0]?.emit('click');
  expect(showWindow).toHaveBeenCalledTimes(1);
});

test('Windows gets the app ID of the package; other systems get none', () => {
  setupAppId('linux');
  expect(app.appUserModelId).toBe('');
  setupAppId('win32');
  expect(app.appUserModelId).toBe(APP_ID);
  const config = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');
  expect(config).toContain(`\nappId: ${APP_ID}\n`);
});
