import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xprop');

interface WindowShape {
  width: number;
  height: number;
  maximized: boolean;
  fullScreen: boolean;
}

/** The state of the app's first window, with its size when neither maximised nor full screen. */
const shapeOf = (electron: ElectronApplication): Promise<WindowShape> =>
  electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) throw new Error('no window');
    const [maximized, fullScreen] = [window.isMaximized(), window.isFullScreen()];
    // The window leaves the maximised state before it has its normal size again.
    const { width, height } = maximized || fullScreen ? window.getNormalBounds() : window.getBounds();
    return { width, height, maximized, fullScreen };
  });

test('size, maximised state and full screen are restored at the next start', async ({ app, stopAfterTest }) => {
  await stopAfterTest(startOpenbox());
  await app.open();
  const size = { width: 777, height: 555 };
  await app.electron().evaluate(({ BrowserWindow }, size) => {
    BrowserWindow.getAllWindows()[0]?.setSize(size.width, size.height);
  }, size);
  const shown = { maximized: false, fullScreen: false };
  const steps: readonly [Partial<WindowShape>, change: 'none' | 'maximize' | 'unmaximize' | 'full' | 'leave'][] = [
    [{}, 'none'],
    [{ maximized: true }, 'maximize'],
    [{}, 'unmaximize'],
    [{ fullScreen: true }, 'full'],
    [{}, 'leave'],
  ];
  for (const [expected, change] of steps) {
    await app.electron().evaluate(({ BrowserWindow }, change) => {
      const [window] = BrowserWindow.getAllWindows();
      if (change === 'maximize') window?.maximize();
      if (change === 'unmaximize') window?.unmaximize();
      if (change === 'full') window?.setFullScreen(true);
      if (change === 'leave') window?.setFullScreen(false);
    }, change);
    const wanted = { ...size, ...shown, ...expected };
    await expect.poll(() => shapeOf(app.electron()), { message: `after ${change}` }).toEqual(wanted);
    await app.electron().close();
    const { width, height, mode } = JSON.parse(readFileSync(join(app.dataDir, 'window.json'), 'utf8'));
    expect({ width, height }).toEqual(size);
    expect(mode).toBe(wanted.maximized ? 'maximized' : wanted.fullScreen ? 'full_screen' : 'normal');
    await app.open();
    await expect.poll(() => shapeOf(app.electron()), { message: `started after ${change}` }).toEqual(wanted);
  }
});
