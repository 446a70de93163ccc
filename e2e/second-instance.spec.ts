import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { desktopArgs, desktopEnv, electronRuntime } from '../testing/electron.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import {
  expectMinimised,
  focusAppWindow,
  focusWindow,
  minimise,
  startOpenbox,
  startOtherProgram,
} from './support/linux-desktop/x11.ts';
import type { App } from './support/test.ts';

requirePrograms('openbox', 'xdotool', 'xprop', 'xev');

/** Time limit (ms) for the second process to exit. */
const TIMEOUT_MS = 20_000;

for (const where of ['behind another program', 'minimised'] as const) {
  test(`a second start raises a listening window that is ${where}, and the second process exits with 0`, async ({
    app,
    stopAfterTest,
  }) => {
    await stopAfterTest(startOpenbox());
    const earshot = await app.open();
    const electron = app.electron();
    await focusAppWindow(electron);
    await earshot.press();
    await earshot.expectView('listening');
    if (where === 'minimised') await minimise(electron);
    else await focusWindow((await stopAfterTest(startOtherProgram())).window);
    const window = await electron.browserWindow(earshot.page);
    const isFocused = () => window.evaluate((window) => window.isFocused());
    await expect.poll(isFocused).toBe(false);

    expect(await startAgain(app), 'exit code').toBe(0);
    await expectMinimised(electron, false);
    await expect.poll(isFocused).toBe(true);
    await earshot.expectView('listening');
    expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(app.log().filter(({ event }) => event === 'APP_STARTED')).toHaveLength(1);
  });
}

/** Starts the app a second time on the same profile. @returns the exit code */
async function startAgain({ dataDir }: App): Promise<number | null> {
  const runtime = electronRuntime();
  if ('missing' in runtime) throw new Error(runtime.missing);
  const second = spawn(runtime.executable, desktopArgs(dataDir), { env: desktopEnv(dataDir), stdio: 'ignore' });
  const [code] = await once(second, 'exit', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return code as number | null;
}
