import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
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
 * @param env `ELECTRON_OVERRIDE_DIST_PATH` names a folder with a runtime, `EARSHOT_NO_ELECTRON` why none could be
 * provided; Linux needs a display besides
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

/**
 * How the lines of others on Electron's stderr begin: Chromium, GTK and GLib, ALSA, Electron, and what a debugger needs
 * to know.
 */
const OTHERS = [
  /^\[\d+:[\d/.]+:[A-Z]+[\d]*:/,
  /^\([^)]+:\d+\): /,
  /^ALSA lib /,
  // ALSA writes a line in pieces, between which another process may write.
  /^function snd_\w+ returned error: /,
  /^\(node:\d+\) electron: /,
  /^\(Use `electron --trace-warnings/,
  /^(?:DevTools listening|Debugger |For help, see|Waiting for the debugger)/,
];

/** The lines on stderr that are the app's own words. */
export function ownLines(stderr: string): string[] {
  return stderr.split(/\r?\n/).filter((line) => line.trim() !== '' && !OTHERS.some((pattern) => pattern.test(line)));
}

/**
 * The desktop app with its first window.
 * @param folder of the app; default: the project's own
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
  // Before the first load is through, a reload would abort it.
  await page.waitForLoadState();
  if (permission === 'denied') await answerMicrophone(electron, false);
  if (initScript) {
    await context.addInitScript(initScript);
    await page.reload();
  }
  return {
    electron,
    context,
    page,
    allowMicrophone: () => answerMicrophone(electron, true),
    close: () => electron.close(),
  };
}

/** The command line of the desktop app, which is also what starts it a second time. */
export function desktopArgs(dataDir: string, folder: string = ROOT, flags: readonly string[] = []): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...flags,
    `--user-data-dir=${join(dataDir, 'profile')}`,
    folder,
  ];
}

/** The environment of the desktop app. @param over what the test sets in it, or takes away with undefined */
export function desktopEnv(dataDir: string, over: NodeJS.ProcessEnv = {}): Record<string, string> {
  const all = Object.entries({ ...process.env, EARSHOT_DATA_DIR: dataDir, ...over });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Answers for the system, in the place of the app's own handler: there is no system here that refuses a microphone. */
async function answerMicrophone(app: ElectronApplication, allowed: boolean): Promise<void> {
  await app.evaluate(
    ({ session }, allowed) =>
      session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
        answer(allowed || permission !== 'media'),
      ),
    allowed,
  );
}
