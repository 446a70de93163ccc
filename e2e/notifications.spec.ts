import { callHost } from './support/bridge.ts';
import { startNotificationDaemon } from './support/linux-desktop/notification-daemon.ts';
import { startSessionBus } from './support/linux-desktop/session-bus.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { expectMinimised, minimise, pressKeysAgain, startOpenbox } from './support/linux-desktop/x11.ts';
import type { App } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

requirePrograms('dbus-daemon', 'dbus-send', 'dunst', 'openbox', 'xdotool', 'xprop');

const KEYS = 'CommandOrControl+Shift+M';
/** Records for a second. Uses the global shortcut, because a hidden page can't be clicked. */
async function recordTurn(app: App, earshot: EarshotWindow, nth: number): Promise<void> {
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await pressKeysAgain('ctrl+shift+m');
  await earshot.expectView('idle');
  await app.recordings(nth);
}

test('a recording saved while no window is visible shows a notification, and a click on it shows the window', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const bus = await stopAfterTest(startSessionBus());
  const daemon = await stopAfterTest(startNotificationDaemon(bus));
  const earshot = await app.open({ env: bus.env });
  const electron = app.electron();
  await callHost(earshot.page, 'changeSettings', { shortcut: KEYS });

  // The window is visible and shows the recording, so there is no notification.
  await recordTurn(app, earshot, 1);
  await minimise(electron);
  await callHost(earshot.page, 'changeSettings', { notifications: false });
  await recordTurn(app, earshot, 2);
  expect(await daemon.shown()).toBe(0);

  await callHost(earshot.page, 'changeSettings', { notifications: true });
  await recordTurn(app, earshot, 3);
  await expect.poll(daemon.shown).toBe(1);
  await daemon.click();
  await expectMinimised(electron, false);
  const [{ title, body } = { title: '', body: '' }, ...more] = await daemon.closeAll();
  expect(title).toBe('Recording saved');
  expect(body).toMatch(/^\d s$/);
  expect(more).toEqual([]);
});

for (const { title, withBus } of [
  { title: 'without a program that shows notifications', withBus: true },
  { title: 'without a session bus', withBus: false },
]) {
  test(`${title} a recording is saved without an error`, async ({ app, stopAfterTest }) => {
    await stopAfterTest(startOpenbox());
    const env = withBus ? (await stopAfterTest(startSessionBus())).env : {};
    const earshot = await app.open({ env });
    await callHost(earshot.page, 'changeSettings', { shortcut: KEYS });
    await minimise(app.electron());
    await recordTurn(app, earshot, 1);
    await expectMinimised(app.electron(), true);
    // The window shows the recording when it is visible again.
    await app.electron().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await expect(earshot.recording).toBeVisible();
    await expect(earshot.problem).toBeHidden();
    expect(app.log().filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
}
