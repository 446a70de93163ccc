import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { desktopArgs, desktopEnv, electronRuntime } from './support/electron.ts';
import { type App, expect, test } from './support/test.ts';
import { NO_WINDOW_MANAGER, startWindowManager, type WindowManager } from './support/window-manager.ts';

/** Longest wait (ms) for a second start to hand over and leave. */
const TIMEOUT_MS = 20_000;

let manager: WindowManager;
test.skip(NO_WINDOW_MANAGER !== null, NO_WINDOW_MANAGER ?? '');
test.beforeEach(async () => {
  manager = await startWindowManager();
});
test.afterEach(() => manager.stop());

for (const where of ['behind another program', 'minimised'] as const) {
  test(`started again while its window is ${where} and listens: the window comes to the front, the second process ends with 0`, async ({
    app,
  }) => {
    const earshot = await app.open();
    await earshot.press();
    await earshot.expectView('listening');
    await expect.poll(() => manager.activeTitle()).toBe('Earshot');
    const window = await app.desktop().app.browserWindow(earshot.page);
    const other = where === 'minimised' ? null : await coverWithAnotherProgram();
    if (where === 'minimised') await window.evaluate((window) => window.minimize());
    const isMinimised = () => window.evaluate((window) => window.isMinimized());
    const isFocused = () => window.evaluate((window) => window.isFocused());
    await expect.poll(isMinimised).toBe(where === 'minimised');
    await expect.poll(isFocused).toBe(false);

    expect(await startAgain(app), 'exit code').toBe(0);
    await expect.poll(isMinimised).toBe(false);
    await expect.poll(isFocused).toBe(true);
    await expect.poll(() => manager.activeTitle()).toBe('Earshot');
    await earshot.expectView('listening');
    const count = await app.desktop().app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(count).toBe(1);
    expect(app.log().filter(({ event }) => event === 'APP_STARTED')).toHaveLength(1);
    other?.kill();
  });
}

/** A window of another program that takes the focus. */
async function coverWithAnotherProgram(): Promise<ChildProcess> {
  const program = spawn('xev', ['-name', 'Another program', '-geometry', '1200x900+0+0'], { stdio: 'ignore' });
  await expect.poll(() => manager.activeTitle()).toBe('Another program');
  return program;
}

/** Starts the app on the same profile, as its icon does. @returns the exit code */
async function startAgain({ dataDir }: App): Promise<number | null> {
  const runtime = electronRuntime();
  if ('missing' in runtime) throw new Error(runtime.missing);
  const second = spawn(runtime.executable, desktopArgs(dataDir), { env: desktopEnv(dataDir), stdio: 'ignore' });
  const [code] = await once(second, 'exit', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return code as number | null;
}
