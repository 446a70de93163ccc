import { once } from 'node:events';
import type { ElectronApplication } from '@playwright/test';
import { voiceAddress } from './support/bridge.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import {
  answerMessageBox,
  expectMinimised,
  focusAppWindow,
  pressKeys,
  startOpenbox,
  useMenu,
} from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop', 'xwininfo');

/** Clicks a menu item. */
async function choose(electron: ElectronApplication, menu: string, label: string): Promise<void> {
  await electron.evaluate(
    ({ Menu, BrowserWindow }, [menu, label]) => {
      const plain = (text: string) => text.replace('&', '');
      const items = Menu.getApplicationMenu()?.items.find((item) => plain(item.label) === menu)?.submenu?.items;
      const item = items?.find((candidate) => plain(candidate.label) === label);
      if (!item) throw new Error(`no ${menu} > ${label}`);
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
      item.click(undefined, window, window?.webContents);
    },
    [menu, label],
  );
}

const isFullScreen = (electron: ElectronApplication) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFullScreen());
const zoomOf = (electron: ElectronApplication) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel());
const clipboardOf = (electron: ElectronApplication) => electron.evaluate(({ clipboard }) => clipboard.readText());

test('the menu’s keys work: zoom, full screen, edit, reload, new window, close, minimise, quit', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const earshot = await app.open();
  const { page } = earshot;
  const electron = app.electron();
  await focusAppWindow(electron);

  await pressKeys('ctrl+minus', 'ctrl+minus');
  await expect.poll(() => zoomOf(electron)).toBe(-1);
  await pressKeys('ctrl+plus');
  await expect.poll(() => zoomOf(electron)).toBe(-0.5);
  await pressKeys('ctrl+0');
  await expect.poll(() => zoomOf(electron)).toBe(0);
  for (const full of [true, false]) {
    await pressKeys('F11');
    await expect.poll(() => isFullScreen(electron)).toBe(full);
  }

  await earshot.showLog();
  await earshot.logSearch.fill('speech');
  await pressKeys('ctrl+a', 'ctrl+c');
  await expect.poll(() => clipboardOf(electron)).toBe('speech');
  await pressKeys('End', 'ctrl+v');
  await expect(earshot.logSearch).toHaveValue('speechspeech');
  await pressKeys('ctrl+z');
  await expect(earshot.logSearch).toHaveValue('speech');
  await pressKeys('ctrl+a', 'ctrl+x');
  await expect(earshot.logSearch).toHaveValue('');

  await page.evaluate(() => Object.assign(window, { before: true }));
  await pressKeys('ctrl+r');
  await expect.poll(() => page.evaluate(() => 'before' in window).catch(() => true)).toBe(false);
  await earshot.expectView('idle');

  const [second] = await Promise.all([electron.waitForEvent('window'), pressKeys('ctrl+n')]);
  await second.locator('[data-view="idle"]').waitFor();
  await focusAppWindow(electron, 1);
  await Promise.all([second.waitForEvent('close'), pressKeys('ctrl+w')]);
  await focusAppWindow(electron);
  await pressKeys('ctrl+m');
  await expectMinimised(electron, true);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await focusAppWindow(electron);
  const ended = once(electron.process(), 'exit');
  await pressKeys('ctrl+q');
  expect(await ended).toEqual([0, null]);
});

test('the menu opens with its access key and can be used with the arrow keys', async ({ app, stopAfterTest }) => {
  await stopAfterTest(startOpenbox());
  await app.open();
  await focusAppWindow(app.electron());
  const opened = app.electron().waitForEvent('window');
  await useMenu(() => pressKeys('alt+f'), 'Down', 'Return');
  await (await opened).locator('[data-view="idle"]').waitFor();
});

test('About shows the versions and copies the diagnostics, which contain no secret', async ({ app, stopAfterTest }) => {
  await stopAfterTest(startOpenbox());
  const { page } = await app.open();
  const electron = app.electron();
  const { token } = await voiceAddress(page);
  await choose(electron, 'Help', 'About Earshot');
  // Tab moves from OK to Copy Diagnostics. A second box confirms the copy.
  await answerMessageBox(electron, /^About Earshot$/, 'Tab', 'Return');
  await answerMessageBox(electron, /^Earshot$/, 'Return');
  const fromAbout = await clipboardOf(electron);
  expect(fromAbout).toMatch(/^Earshot: \d+\.\d+\.\d+\nElectron: \d/);
  expect(fromAbout).toContain('APP_STARTED');
  expect(fromAbout).not.toContain(token);

  await electron.evaluate(({ clipboard }) => clipboard.clear());
  await choose(electron, 'Help', 'Copy Diagnostics');
  await answerMessageBox(electron, /^Earshot$/, 'Return');
  expect(await clipboardOf(electron)).toContain('APP_STARTED');
});

test('Help shows the first steps again', async ({ app }) => {
  const earshot = await app.open();
  await earshot.skipFirstSteps();
  await choose(app.electron(), 'Help', 'First Steps');
  await expect(earshot.page.getByTestId('first-steps')).toBeVisible();
});

test('every menu item has a unique name and is enabled', async ({ app }) => {
  await app.open();
  const items = await app
    .electron()
    .evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(({ label: menu, submenu }) =>
        (submenu?.items ?? [])
          .filter(({ type, visible }) => type !== 'separator' && visible)
          .map(({ label, enabled }) => ({ name: `${menu} > ${label}`.replaceAll('&', ''), enabled })),
      ),
    );
  expect(items.filter(({ enabled }) => !enabled)).toEqual([]);
  const names = items.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of ['File > New Window', 'Help > Copy Diagnostics', 'Help > About Earshot'])
    expect(names).toContain(name);
});
