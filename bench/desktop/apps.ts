import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronRuntime } from '../../testing/electron.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import type { BenchOptions } from '../report.ts';
import { type StartedApp, startApp } from './started-app.ts';

/** The apps to compare. `bare` has one window with one button and runs in the same Electron. */
export const APPS = ['earshot', 'bare'] as const;
export type AppName = (typeof APPS)[number];

export const BARE_APP = join(import.meta.dirname, 'bare-app');
const FOLDERS: Record<AppName, string> = { earshot: ROOT, bare: BARE_APP };
const WATCH = join(import.meta.dirname, 'watch-app.cjs');

/** How an app starts to listen at once. */
const LISTEN_ARGS: Record<AppName, string[]> = { earshot: ['--start'], bare: [] };

interface StartOptions {
  /** Starts to listen at once, with a fake microphone that beeps. */
  listen?: boolean;
}

export interface BenchApps {
  /** The environment with the runtime and its display. */
  env: NodeJS.ProcessEnv;
  executable: string;
  /** Creates a folder for the profile and the data of an app. */
  newFolder(): Promise<string>;
  /** Starts an app in a folder, calls `use`, and stops the app. */
  run<Result>(
    name: AppName,
    folder: string,
    use: (app: StartedApp) => Promise<Result>,
    options?: StartOptions,
  ): Promise<Result>;
  /** Removes the folders and ends the display. */
  stop(): Promise<void>;
}

/** Builds Earshot if needed and prepares Electron. @throws if there is no Electron on this machine */
export async function prepareApps(bench: string, { progress }: Pick<BenchOptions, 'progress'>): Promise<BenchApps> {
  if (buildIsStale()) {
    progress(`${bench}: building the app`);
    await build(ROOT);
  }
  const electron = await prepareElectron(progress);
  const env = { ...process.env, ...electron.env };
  const runtime = electronRuntime(env);
  if ('missing' in runtime) {
    await electron.stop();
    throw new Error(`The bench "${bench}" needs Electron. ${runtime.missing}`);
  }
  const { executable } = runtime;
  const folders: string[] = [];
  return {
    env,
    executable,
    async newFolder() {
      const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
      folders.push(folder);
      return folder;
    },
    async run(name, folder, use, { listen = false } = {}) {
      const args = [
        '-r',
        WATCH,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...(listen ? [...microphoneFlags('beeps', 'allowed'), '--autoplay-policy=no-user-gesture-required'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        FOLDERS[name],
        ...(listen ? LISTEN_ARGS[name] : []),
      ];
      const app = await startApp(executable, args, {
        ...env,
        EARSHOT_DATA_DIR: join(folder, 'data'),
        BARE_CAPTURE: listen ? 'start' : '',
      });
      try {
        return await use(app);
      } finally {
        await app.stop();
      }
    },
    async stop() {
      for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      await electron.stop();
    },
  };
}
