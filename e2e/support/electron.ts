import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { ROOT } from './host-process.ts';
import { microphoneFlags } from './microphone.ts';
import type { OpenedWindow, OpenOptions } from './shell.ts';

/** Electron's program, or why it can't run here. */
export type Runtime = { executable: string } | { missing: string };

/** Where the program lies in a runtime's folder; elsewhere it is `electron`. */
const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * Looks for Electron's runtime without the package's own look-up, which would download it.
 * @param env `ELECTRON_OVERRIDE_DIST_PATH` names a folder with a runtime, `EARSHOT_NO_ELECTRON` why none could be provided;
 *   Linux needs a display besides
 */
export function electronRuntime(env: NodeJS.ProcessEnv = process.env, platform = process.platform): Runtime {
  if (env.EARSHOT_NO_ELECTRON) return { missing: env.EARSHOT_NO_ELECTRON };
  const packaged = join(ROOT, 'node_modules/electron');
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || join(packaged, 'dist');
  const executable = join(folder, PROGRAMS[platform] ?? 'electron');
  if (!existsSync(executable)) return { missing: "Electron's runtime is not on this machine" };
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { missing: 'Electron needs a display' };
  return { executable };
}

/** The arguments that every start of the desktop app from its source has here. */
export function desktopArgs(dataDir: string): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${join(dataDir, 'profile')}`, ROOT];
}

/** How the lines of others on Electron's stderr begin: Chromium, GTK and GLib, ALSA, Electron, and what a debugger needs to know. */
const OTHERS = [
  /^\[\d+:[\d/.]+:[A-Z]+[\d]*:/,
  /^\([^)]+:\d+\): /,
  /^ALSA lib /,
  /^\(node:\d+\) electron: /,
  /^\(Use `electron --trace-warnings/,
  /^(?:DevTools listening|Debugger |For help, see|Waiting for the debugger)/,
];

/** The lines on stderr that are the app's own words. */
export function ownLines(stderr: string): string[] {
  return stderr.split(/\r?\n/).filter((line) => line.trim() !== '' && !OTHERS.some((pattern) => pattern.test(line)));
}

/** The desktop app with its first window. */
export async function launchDesktop(executable: string, dataDir: string, options: OpenOptions): Promise<OpenedWindow> {
  const app = await _electron.launch({
    executablePath: executable,
    args: [...microphoneFlags(options.microphone, options.permission), ...desktopArgs(dataDir)],
    env: { ...process.env, EARSHOT_DATA_DIR: dataDir, ...options.env } as Record<string, string>,
  });
  let stderr = '';
  app.process().stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const context = app.context();
  const page = await app.firstWindow();
  if (options.initScript) {
    // The window is open before anything can be added to it. A reload of a page that is still loading would abort its load.
    await page.waitForLoadState();
    await context.addInitScript(options.initScript);
    await page.reload();
  }
  return { context, page, electron: app, errors: () => ownLines(stderr), close: () => app.close() };
}
