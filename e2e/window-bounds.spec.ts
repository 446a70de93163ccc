import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, test } from '@playwright/test';
import { type Display, displayTestUnavailable, launchOnDisplay, startDisplay } from './support/display.ts';

// The window's bounds under real window managers. Each test has a separate display.

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

/** The window's bounds according to Electron. With a frame, those of the area inside it. */
const bounds = () => app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

/** Waits until window.json is written, half a second after the last move. @param before its last mtime in ms */
async function waitForSave(before: number): Promise<void> {
  await expect.poll(() => statSync(file()).mtimeMs, { message: 'window.json is written' }).toBeGreaterThan(before);
}

for (const windowManager of ['openbox', 'icewm', null]) {
  for (const mode of ['normal', 'maximized', 'full_screen'] as const) {
    // Without a window manager a window can't be maximised.
    if (windowManager === null && mode !== 'normal') continue;
    test(`under ${windowManager ?? 'no window manager'} a window that is ${mode} keeps its bounds over ${STARTS} starts`, async () => {
      const unavailable = displayTestUnavailable(windowManager === null ? [] : [windowManager]);
      test.skip(unavailable !== null, unavailable ?? '');
      display = await startDisplay(windowManager);
      writeFileSync(file(), JSON.stringify({ ...BOUNDS, mode }));
      let first: unknown;
      for (let start = 1; start <= STARTS; start++) {
        const before = statSync(file()).mtimeMs;
        const running = await launch();
        // Without a window manager the window does not move, so nothing is written.
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
      expect(storedBounds(), 'after a return to the normal size').toEqual({ ...BOUNDS, mode: 'normal' });
    });
  }
}

test('a window that was dragged by its title bar opens at its new position', async () => {
  const unavailable = displayTestUnavailable(['openbox', 'xdotool']);
  test.skip(unavailable !== null, unavailable ?? '');
  display = await startDisplay('openbox');
  writeFileSync(file(), JSON.stringify({ ...BOUNDS, mode: 'normal' }));
  let before = statSync(file()).mtimeMs;
  const running = await launch();
  await waitForSave(before);
  before = statSync(file()).mtimeMs;
  // Send one command at a time, because the window manager only follows a pointer that it has seen moving.
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
