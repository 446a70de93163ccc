import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import { ROOT } from './host-process.ts';
import { microphoneFlags } from './microphone.ts';
import type { OpenedWindow, OpenOptions } from './shell.ts';

/** Electron's executable, or why it can't run here. */
export type Runtime = { executable: string } | { missing: string };

/** Path of the executable in a runtime's folder; `electron` on all other systems. */
const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * Finds Electron's executable. Unlike the `electron` package, it does not download a missing one.
 * @param env `ELECTRON_OVERRIDE_DIST_PATH` names a folder with a runtime; `EARSHOT_NO_ELECTRON` says why there is none;
 *   on Linux, `DISPLAY` or `WAYLAND_DISPLAY` names the display
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

/** Patterns of the lines that Chromium, GTK, GLib, ALSA, Electron and debuggers write to stderr. */
const FOREIGN_LINES = [
  /^\[\d+:[\d/.]+:[A-Z]+[\d]*:/,
  /^\([^)]+:\d+\): /,
  /^ALSA lib /,
  // ALSA writes a line in several parts, between which other processes may write: without a sound card, these.
  /^(?:cannot find card '|function snd_\w+ returned error: |error evaluating \w+|Evaluate error: |Unknown PCM |: )/,
  /^\(node:\d+\) electron: /,
  /^\(Use `electron --trace-warnings/,
  /^(?:DevTools listening|Debugger |For help, see|Waiting for the debugger)/,
];

/** Returns the lines of stderr that the app itself wrote. */
export function appLines(stderr: string): string[] {
  return stderr
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !FOREIGN_LINES.some((pattern) => pattern.test(line)));
}

/**
 * Launches the desktop app and waits for its first window.
 * @param folder the app's folder; default: the project
 */
export async function launchDesktop(
  executable: string,
  dataDir: string,
  { microphone, permission, initScript, env }: OpenOptions,
  folder = ROOT,
): Promise<OpenedWindow & { electron: ElectronApplication }> {
  const electron = await _electron.launch({
    executablePath: executable,
    args: desktopArgs(dataDir, folder, microphoneFlags(microphone, permission)),
    env: desktopEnv(dataDir, env),
  });
  const context = electron.context();
  const page = await electron.firstWindow();
  // A reload would abort the first load.
  await page.waitForLoadState();
  if (permission === 'denied') await setMicrophonePermission(electron, false);
  if (initScript) {
    await context.addInitScript(initScript);
    await page.reload();
  }
  return {
    electron,
    context,
    page,
    allowMicrophone: () => setMicrophonePermission(electron, true),
    close: () => electron.close(),
  };
}

/** Returns the command line arguments of the desktop app, also for a second instance. */
export function desktopArgs(dataDir: string, folder: string = ROOT, flags: readonly string[] = []): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...flags,
    `--user-data-dir=${join(dataDir, 'profile')}`,
    folder,
  ];
}

/** Returns the environment of the desktop app. @param over variables that the test changes; undefined removes one */
export function desktopEnv(dataDir: string, over: NodeJS.ProcessEnv = {}): Record<string, string> {
  const all = Object.entries({ ...process.env, EARSHOT_DATA_DIR: dataDir, ...over });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Replaces the app's permission handler, to simulate a system that allows or refuses the microphone. */
async function setMicrophonePermission(app: ElectronApplication, allowed: boolean): Promise<void> {
  await app.evaluate(
    ({ session }, allowed) =>
      session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
        answer(allowed || permission !== 'media'),
      ),
    allowed,
  );
}
