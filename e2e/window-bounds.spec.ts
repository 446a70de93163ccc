import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, test } from '@playwright/test';
import { electronRuntime } from '../testing/electron.ts';
import { type Display, launchOnDisplay, missingPrograms, startDisplay } from './support/display.ts';

// What a window manager does to a window's place, only a window manager shows. Each test has a screen of its own.

const STARTS = 5;
const BOUNDS = { x: 200, y: 150, width: 700, height: 600 };

let dataDir: string;
let display: Display | undefined;
let app: ElectronApplication | undefined;
test.beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-place-'));
});
test.afterEach(async () => {
  await app?.close().catch(() => {});
  await display?.end();
  [app, display] = [undefined, undefined];
  rmSync(dataDir, { recursive: true, force: true });
});

const file = () => join(dataDir, 'window.json');
const storedBounds = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));

async function launch(): Promise<ElectronApplication> {
  if (!display) throw new Error('there is no display yet');
  app = await launchOnDisplay(display, dataDir);
  await app.firstWindow();
  return app;
}

/** The window's bounds by Electron. Where there is a frame they are those of its inside. */
const bounds = () => app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

/** Waits until the place was written anew: half a second after the window was moved last. */
async function waitForSave(before: number): Promise<void> {
  await expect.poll(() => statSync(file()).mtimeMs, { message: 'window.json is written' }).toBeGreaterThan(before);
}

for (const windowManager of ['openbox', 'icewm', null]) {
  for (const mode of ['normal', 'maximized', 'full_screen'] as const) {
    // Without a window manager nothing maximises a window.
    if (windowManager === null && mode !== 'normal') continue;
    test(`under ${windowManager ?? 'no window manager'} a window that is ${mode} opens where it was, ${STARTS} times`, async () => {
      const runtime = electronRuntime({ ...process.env, DISPLAY: ':0' });
      const missing =
        'missing' in runtime ? runtime.missing : missingPrograms(['Xvfb', 'xprop', windowManager ?? 'xprop']);
      test.skip(missing !== null, missing ?? '');
      display = await startDisplay(windowManager);
      writeFileSync(file(), JSON.stringify({ ...BOUNDS, mode }));
      let first: unknown;
      for (let start = 1; start <= STARTS; start++) {
        const before = statSync(file()).mtimeMs;
        const running = await launch();
        // Nothing is written where nothing moves the window.
        if (windowManager !== null) await waitForSave(before);
        else await expect.poll(bounds).toEqual(BOUNDS);
        first ??= await bounds();
        expect(await bounds(), `start ${start}`).toEqual(first);
        await running.close();
        expect(storedBounds(), `start ${start}`).toEqual({ ...BOUNDS, mode });
      }
      if (mode === 'normal') return;
      let before = statSync(file()).mtimeMs;
      const running = await launch();
      await waitForSave(before);
      before = statSync(file()).mtimeMs;
      await running.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        if (window?.isFullScreen()) window.setFullScreen(false);
        else window?.unmaximize();
      });
      await waitForSave(before);
      await running.close();
      expect(storedBounds(), 'after it was made normal again').toEqual({ ...BOUNDS, mode: 'normal' });
    });
  }
}

test('a window that was dragged by its title bar opens where it was dropped', async () => {
  const runtime = electronRuntime({ ...process.env, DISPLAY: ':0' });
  const missing = 'missing' in runtime ? runtime.missing : missingPrograms(['Xvfb', 'xprop', 'openbox', 'xdotool']);
  test.skip(missing !== null, missing ?? '');
  display = await startDisplay('openbox');
  writeFileSync(file(), JSON.stringify({ ...BOUNDS, mode: 'normal' }));
  let before = statSync(file()).mtimeMs;
  const running = await launch();
  await waitForSave(before);
  before = statSync(file()).mtimeMs;
  // One at a time: a window manager follows a pointer that it has seen move.
  for (const step of ['mousemove 500 160', 'mousedown 1', 'mousemove 520 180', 'mousemove 560 220', 'mouseup 1']) {
    display.run('xdotool', step.split(' '));
  }
  await waitForSave(before);
  await running.close();
  const dropped = storedBounds();
  expect(dropped).toEqual({ ...BOUNDS, x: 260, y: 210, mode: 'normal' });
  before = statSync(file()).mtimeMs;
  await launch();
  await waitForSave(before);
  expect(storedBounds()).toEqual(dropped);
});
