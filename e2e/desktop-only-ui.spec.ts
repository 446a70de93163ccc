import { en } from '../renderer/text/en.ts';
import type { DesktopState } from '../shared/desktop.ts';
import { installFakeDesktop } from './support/fake-desktop.ts';
import { expect, test } from './support/test.ts';

// Parts of the desktop app's window that the app can't show when it runs from source on this system: updates and start
// at login, which need a package, and the texts for other systems. These tests run in a browser with a fake bridge.

const DESKTOP: DesktopState = { shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null };
const READY: DesktopState = { ...DESKTOP, update: { state: 'ready', version: '1.3.0' } };

test('every desktop setting can be changed with the keyboard', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const host = await installFakeDesktop(page, { platform: 'win32', desktop: READY });
  await page.getByTestId('settings').press('Enter');
  await expect(page.getByRole('tab', { name: 'General' })).toBeFocused();
  const down = async (name: string) => {
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('tab', { name })).toBeFocused();
  };
  const toggle = async (name: string) => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('switch', { name })).toBeFocused();
    await page.keyboard.press('Space');
  };
  for (const name of ['Microphone', 'Recordings', 'Shortcuts', 'This computer']) await down(name);
  await toggle('Start at login');
  // The button that resets it.
  await page.keyboard.press('Tab');
  await toggle('Notifications');
  await page.getByRole('tab', { name: 'This computer' }).focus();
  await down('Updates');
  await toggle('Check for updates');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Restart and install' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await host.calls('changeSettings')).toEqual([
    { start_at_login: true },
    { notifications: false },
    { check_for_updates: false },
  ]);
  expect(await host.calls('stepUpdate')).toEqual(['install']);
});

test('H44 after a denied permission a button opens the system’s settings; if that fails, the window says where they are', async ({
  app,
}) => {
  const earshot = await app.open({ permission: 'denied' });
  const host = await installFakeDesktop(earshot.page, { platform: 'darwin', desktop: DESKTOP });
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(en.problems.mic_denied.title);
  await expect(earshot.problem).not.toContainText(en.problems.mic_denied.where.darwin);
  await earshot.page.getByRole('button', { name: 'Open system settings' }).click();
  await expect(earshot.problem).toContainText(en.problems.mic_denied.where.darwin);
  expect(await host.calls('openMicrophoneSettings')).toHaveLength(1);
});

for (const [width, height] of [
  [360, 480],
  [1200, 720],
] as const) {
  test(`the update notice neither moves nor covers the microphone button, ${width} × ${height}`, async ({ app }) => {
    const earshot = await app.open();
    const { page } = earshot;
    await page.setViewportSize({ width, height });
    const host = await installFakeDesktop(page, { platform: 'linux', desktop: DESKTOP });
    await earshot.expectView('idle');
    const before = await earshot.mic.boundingBox();
    await host.emit('onDesktop', READY);
    const note = page.getByTestId('update-note');
    await expect(note).toBeVisible();
    expect(await earshot.mic.boundingBox()).toEqual(before);
    const uncovered = (y: number) =>
      earshot.mic.evaluate((mic, y) => {
        const { left, top, width, height } = mic.getBoundingClientRect();
        return mic.contains(document.elementFromPoint(left + width / 2, top + height * y));
      }, y);
    expect(await Promise.all([0.05, 0.5, 0.95].map(uncovered))).toEqual([true, true, true]);
    await note.getByRole('button', { name: 'Not now' }).click();
    await expect(note).toBeHidden();
    await expect(earshot.mic).toBeFocused();
  });
}

test('the tray starts and stops the mic, and no update is installed while listening', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const host = await installFakeDesktop(page, { platform: 'linux', desktop: READY });
  // Capture no audio, because the fake has no voice server to receive it.
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
  });
  await earshot.expectView('idle');
  const note = page.getByTestId('update-note');
  await expect(note).toBeVisible();
  await host.emit('onMicCommand', 'stop');
  await earshot.expectView('idle');
  for (const start of ['start', 'start'] as const) {
    await host.emit('onMicCommand', start);
    await expect(earshot.mic).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(note).toBeHidden();
  await earshot.openSettings('updates');
  const update = page.getByTestId('update');
  const step = update.getByRole('button');
  // Use the keyboard, because Playwright's click would wait until the button is enabled.
  await step.focus();
  await page.keyboard.press('Enter');
  await expect(update).toContainText('Stop the mic first.');
  await host.emit('onMicCommand', 'stop');
  await earshot.expectView('idle');
  expect(await host.calls('stepUpdate')).toEqual([]);
  await step.click();
  expect(await host.calls('stepUpdate')).toEqual(['install']);
});
