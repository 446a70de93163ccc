import { beforeEach, expect, test, vi } from 'vitest';
import { resetFake, shell } from '../testing/fake-electron.ts';
import { openMicrophoneSettings } from './microphone-settings.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
const log = vi.fn();
beforeEach(() => {
  resetFake();
  log.mockClear();
});

test.each([
  ['darwin', 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone'],
  ['win32', 'ms-settings:privacy-microphone'],
] as const)("on %s the system's own page is opened", async (platform, page) => {
  expect(await openMicrophoneSettings(log, platform)).toBe(true);
  expect(shell.opened).toEqual([page]);
});

test.each(['linux', 'freebsd'] as const)('%s has no settings page, and nothing is opened', async (platform) => {
  expect(await openMicrophoneSettings(log, platform)).toBe(false);
  expect(shell.opened).toEqual([]);
});

test('returns false and logs it if the system does not open the page', async () => {
  shell.refuses = new Error('no application');
  expect(await openMicrophoneSettings(log, 'darwin')).toBe(false);
  expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
    type: 'microphone_settings_not_opened',
    detail: 'no application',
  });
});
