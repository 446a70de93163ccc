import { once } from 'node:events';
import { startSessionBus } from './support/linux-desktop/session-bus.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { startTrayHost, TRAY_HOST } from './support/linux-desktop/tray-host.ts';
import {
  embeddedIcon,
  expectMinimised,
  minimise,
  startIcewm,
  startOpenbox,
  useMenu,
  windowOf,
} from './support/linux-desktop/x11.ts';
import { interceptMessageBoxes } from './support/message-boxes.ts';
import type { App } from './support/test.ts';
import { prepareWindowStates } from './support/window-states.ts';

requirePrograms(TRAY_HOST, 'dbus-daemon', 'dbus-send', 'icewm', 'openbox', 'xdotool', 'xprop', 'xwininfo', 'import');

/** The log records that report a missing tray. */
const missingTrayRecords = (app: App) => () => app.log().filter(({ text }) => text.includes('type=no_tray'));

test('the icon in a StatusNotifierItem tray (KDE, GNOME) shows whether a window is listening, and its menu works', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const bus = await stopAfterTest(startSessionBus());
  const tray = await stopAfterTest(startTrayHost(bus));
  const earshot = await app.open({ env: bus.env });
  const electron = app.electron();
  const icon = await tray.item(electron.process().pid ?? 0);
  expect(await icon.tooltip()).toBe('Earshot');
  const rest = ['', 'Show Window', 'New Window', '', 'Quit Earshot'];
  expect(await icon.labels()).toEqual(['Start Listening', ...rest]);
  const idle = await icon.pixels();
  expect(idle).toContain('int32 32');

  await icon.choose('Start Listening');
  await earshot.expectView('listening');
  await expect.poll(icon.tooltip).toBe('Earshot is listening');
  await expect.poll(icon.labels).toEqual(['Stop Listening', 'Pause', ...rest]);
  expect(await icon.pixels()).not.toBe(idle);
  await earshot.expectListenedFor(1);
  await icon.choose('Stop Listening');
  await earshot.expectView('idle');
  await app.recordings(1);
  expect(missingTrayRecords(app)()).toEqual([]);
  await expect.poll(icon.labels).toEqual(['Start Listening', ...rest]);
  expect(await icon.pixels()).toBe(idle);

  for (const show of [() => icon.choose('Show Window'), icon.click]) {
    await minimise(electron);
    await show();
    await expectMinimised(electron, false);
  }

  const [second] = await Promise.all([electron.waitForEvent('window'), icon.choose('New Window')]);
  await second.locator('[data-view="idle"]').waitFor();
  // While a window is listening, quitting asks first.
  const boxes = await interceptMessageBoxes(electron);
  await icon.choose('Start Listening');
  await second.locator('[data-view="listening"]').waitFor();
  const ended = once(electron.process(), 'exit');
  await icon.choose('Quit Earshot');
  await expect.poll(boxes.messages).toEqual(['Earshot is listening']);
  await boxes.press('Quit').catch((error: Error) => {
    // The app may exit before it answers Playwright.
    if (!/closed|crashed/.test(error.message)) throw error;
  });
  expect(await ended).toEqual([0, null]);
});

test('in an XEmbed tray a click shows the window, the menu starts the mic, and the icon changes', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startIcewm());
  const earshot = await app.open();
  const electron = app.electron();
  const icon = await embeddedIcon();
  await minimise(electron);
  await icon.click(1);
  await expectMinimised(electron, false);

  const idle = await icon.pixels();
  await useMenu(() => icon.click(3), 'Down', 'Return');
  await earshot.expectView('listening');
  await expect.poll(icon.pixels).not.toBe(idle);
  await useMenu(() => icon.click(3), 'Down', 'Return');
  await earshot.expectView('idle');
  await expect.poll(icon.pixels).toBe(idle);
});

test('title and icon of the window say that it records, and not before sound has arrived', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const earshot = await app.open();
  const { page } = earshot;
  const { title, icon } = await windowOf(app.electron());
  await expect.poll(title).toBe('Earshot');
  const own = await icon();
  const enter = await prepareWindowStates(earshot);
  await enter('waiting-for-sound');
  expect([await title(), await icon()]).toEqual(['Earshot', own]);
  await enter('listening');
  await expect.poll(title).toBe('● Recording · Earshot');
  await expect.poll(icon).not.toBe(own);
  const recording = await icon();
  await page.getByTestId('pause').click();
  await expect.poll(title).toBe('○ Paused · Earshot');
  await expect.poll(icon).not.toBe(recording);
  await earshot.press();
  await expect.poll(title).toBe('Earshot');
  await expect.poll(icon).toBe(own);
});

for (const { title, withBus } of [
  { title: 'without a tray', withBus: true },
  { title: 'without a session bus', withBus: false },
]) {
  test(`${title} the app works, and the log reports the missing tray`, async ({ app, stopAfterTest }) => {
    await stopAfterTest(startOpenbox());
    const env = withBus ? (await stopAfterTest(startSessionBus())).env : {};
    const earshot = await app.open({ env });
    await expect.poll(missingTrayRecords(app)).toHaveLength(1);
    await earshot.recordTurn(1);
    await app.recordings(1);
  });
}
