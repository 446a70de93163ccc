import type { Page } from '@playwright/test';
import { callHost } from './support/bridge.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import {
  focusAppWindow,
  focusWindow,
  pressKeys,
  pressKeysAgain,
  startOpenbox,
  startOtherProgram,
} from './support/linux-desktop/x11.ts';
import { EarshotWindow } from './support/window.ts';

requirePrograms('openbox', 'xdotool', 'xprop', 'xev');

/** Opens the settings and makes the shortcut field record the next keys. */
async function recordKeys(page: Page) {
  const field = page.getByTestId('shortcut-keys');
  await new EarshotWindow(page).openSettings('shortcuts');
  await field.focus();
  await page.keyboard.press('Enter');
  await expect(field).toHaveText('Press the keys…');
  return field;
}

test('the shortcut presses the mic while another program has the focus, also after a restart', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const other = await stopAfterTest(startOtherProgram());
  let earshot = await app.open();
  await focusAppWindow(app.electron());
  const field = await recordKeys(earshot.page);
  await pressKeys('ctrl+shift+m');
  await expect(field).toHaveText('Ctrl+Shift+M');
  await earshot.page.keyboard.press('Escape');

  await focusWindow(other.window);
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('idle');
  await app.recordings(1);
  expect(other.keys()).not.toContain('M');

  await app.electron().close();
  // The app has released the keys, so they reach the focused program.
  await pressKeysAgain('ctrl+shift+m');
  await expect.poll(other.keys).toContain('M');

  earshot = await app.open();
  await focusWindow(other.window);
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('listening');
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('idle');
  expect(other.keys().filter((key) => key === 'M')).toHaveLength(1);
});

test('keys that another program has grabbed are refused, the settings say so, and other keys can be chosen', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox(['C-A-k']));
  const { page } = await app.open();
  await new EarshotWindow(page).openSettings('shortcuts');
  const shortcut = page.getByTestId('shortcut');
  // The field does not receive grabbed keys, so set them over the bridge. They have the same effect at startup.
  await callHost(page, 'changeSettings', { shortcut: 'CommandOrControl+Alt+K' });
  await expect(shortcut).toContainText('Ctrl+Alt+K');
  await expect(shortcut).toContainText('Another program or the system uses these keys. Choose others.');
  await expect.poll(() => app.log().filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(app.log().find(({ level }) => level === 'warn')?.text).toContain('shortcut_refused');

  await page.getByTestId('shortcut-keys').focus();
  await page.keyboard.press('Enter');
  await focusAppWindow(app.electron());
  await pressKeys('ctrl+alt+j');
  await expect(page.getByTestId('shortcut-keys')).toHaveText('Ctrl+Alt+J');
  await expect(shortcut).not.toContainText('Another program');
});

test('pressing keys in the field sets the shortcut, and Escape leaves the field before it closes the dialog', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const { page } = await app.open();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await focusAppWindow(app.electron());
  const field = await recordKeys(page);
  await page.keyboard.down('Control');
  await page.keyboard.down('Shift');
  await expect(field).toHaveText('Ctrl+Shift+');
  await page.keyboard.press('M');
  await page.keyboard.up('Shift');
  await page.keyboard.up('Control');
  await expect(field).toHaveText('Ctrl+Shift+M');

  // Pressing the current shortcut in the field does not press the mic, and the field says that the keys are in use.
  await pressKeys('Return', 'ctrl+shift+m');
  await expect(page.getByTestId('shortcut')).toContainText('These keys are already the shortcut');
  await expect(page.locator('[data-view]')).toHaveAttribute('data-view', 'idle');
  // In the field Ctrl+N does not open a window. It is rejected, because every program needs it.
  await pressKeys('ctrl+n');
  await expect(page.getByTestId('shortcut')).toContainText('Every program needs these keys');
  await pressKeys('Escape');
  await expect(field).toHaveText('Ctrl+Shift+M');
  await expect(dialog).toBeVisible();

  await pressKeys('Return', 'Tab');
  await expect(field).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('button', { name: 'Remove the shortcut' })).toBeFocused();
  await pressKeys('Tab');
  await expect(page.getByRole('button', { name: /^Reset/ }).first()).toBeFocused();
  await pressKeys('Tab');
  await expect(page.getByTestId('key_talk-keys')).toBeFocused();
  await page.getByTestId('settings-computer').click();
  await page.getByRole('switch', { name: 'Notifications' }).focus();
  await pressKeys('space');
  await expect(page.getByRole('switch', { name: 'Notifications' })).not.toBeChecked();
  await page.getByTestId('settings-shortcuts').click();
  await page.getByRole('button', { name: 'Remove the shortcut' }).focus();
  await pressKeys('space');
  await expect(field).toHaveText('Choose keys…');
  await pressKeys('Escape');
  await expect(dialog).toBeHidden();
  expect(page.context().pages(), 'windows').toHaveLength(1);
});
