import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';

const run = promisify(execFile);

/** Whether one can be started here: specs that need it say so when they are skipped. */
export const NO_WINDOW_MANAGER = process.platform === 'linux' ? null : 'starts a window manager of X11';

export interface WindowManager {
  /** Presses keys as the keyboard does, e.g. `ctrl+q`: what has the focus gets them. */
  press(keys: string): Promise<void>;
  /** The title of the window that has the focus. */
  activeTitle(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts openbox on the display of the tests: without a window manager nothing is minimised, focused or closed by keys. */
export async function startWindowManager(): Promise<WindowManager> {
  const child = spawn('openbox', ['--sm-disable'], { stdio: 'ignore' });
  const exited = once(child, 'close');
  await expect.poll(isReady, { message: 'openbox is ready' }).toBe(true);
  return {
    async press(keys) {
      await run('xdotool', ['key', '--clearmodifiers', keys]);
    },
    async activeTitle() {
      const { stdout } = await run('xdotool', ['getactivewindow', 'getwindowname']).catch(() => ({ stdout: '' }));
      return stdout.trim();
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** The root window names a window of the manager's, which is gone when a former one has ended (EWMH). */
async function isReady(): Promise<boolean> {
  try {
    const { stdout } = await run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK']);
    const [id] = /0x[0-9a-f]+/.exec(stdout) ?? [];
    if (id === undefined) return false;
    const { stdout: name } = await run('xprop', ['-id', id, '_NET_WM_NAME']);
    return name.includes('Openbox');
  } catch {
    return false;
  }
}
