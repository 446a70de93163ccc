import { callHost } from './support/bridge.ts';
import { run } from './support/linux-desktop/programs.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { focusAppWindow, pressKeysAgain, startOpenbox } from './support/linux-desktop/x11.ts';

// Keys held down with X11's key repeat: 25 times a second after 0.66 s.

requirePrograms('openbox', 'xdotool', 'xprop');

/** Holds keys for 0.9 s, which makes six repeats. */
async function holdKeys(...keys: string[]): Promise<void> {
  const up = keys.toReversed().flatMap((key) => ['keyup', key]);
  await run('xdotool', [...keys.flatMap((key) => ['keydown', key]), 'sleep', '0.9', ...up]);
}

test('H61 holding the global shortcut presses the mic once; only another press presses it again', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const earshot = await app.open();
  await callHost(earshot.page, 'changeSettings', { shortcut: 'F8' });
  await focusAppWindow(app.electron());
  const presses = () => app.log().filter(({ event }) => event === 'PRESS').length;
  await holdKeys('F8');
  await expect.poll(presses).toBe(1);
  await pressKeysAgain('F8');
  await expect.poll(presses).toBe(2);
  await holdKeys('F8');
  await expect.poll(presses).toBe(3);
  // Events arrive in order, so after this press all repeats of the held key have arrived.
  await pressKeysAgain('F8');
  await expect.poll(presses).toBe(4);
});

test('H61 holding a menu shortcut triggers its action once, although the next window gets the repeats', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  await app.open();
  const electron = app.electron();
  await focusAppWindow(electron);
  const windows = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  const expectOpened = async (count: number) => {
    await expect.poll(windows).toBe(count);
    for (const page of electron.windows()) await expect(page.locator('[data-view="idle"]')).toBeVisible();
  };
  await holdKeys('ctrl', 'n');
  await expectOpened(2);
  for (const count of [3, 4]) {
    await pressKeysAgain('ctrl+n');
    await expectOpened(count);
  }
  await holdKeys('ctrl', 'w');
  await expect.poll(windows).toBe(3);
  await pressKeysAgain('ctrl+w');
  await expect.poll(windows).toBe(2);
});
