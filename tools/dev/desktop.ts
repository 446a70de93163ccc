import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Start } from '../launch/decide.ts';
import { runElectron } from '../launch/run-electron.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { buildDevApp } from './app-build.ts';
import { startPageServer } from './page-server.ts';
import { type DevEnd, type RunningApp, superviseApp } from './supervise-app.ts';
import { watchSources } from './watch-sources.ts';

/** The folder of the development build, which Electron runs. */
export const DEV_APP = join(ROOT, 'node_modules/.cache/earshot-dev-app');

export interface DevDesktopOptions {
  electron: Extract<Start, { run: 'electron' }>;
  dataDir: string;
  env: NodeJS.ProcessEnv;
  /** Resolves when the user stops the tool. */
  stopped: Promise<void>;
}

/**
 * Runs the desktop app from source. A change in renderer/ is applied to the open window; a change in main/, preload/ or
 * shared/ rebuilds the app and restarts it with the same data.
 */
export async function devDesktop({ electron, dataDir, env, stopped }: DevDesktopOptions): Promise<DevEnd> {
  const page = await startPageServer();
  const app = superviseApp({
    build: () => buildDevApp(DEV_APP),
    run: () => run(electron, { ...env, EARSHOT_DATA_DIR: dataDir, EARSHOT_DEV_PORT: String(page.port) }),
    print: (line) => console.error(line),
  });
  watchSources(['main', 'preload', 'shared'], app.changed);
  void stopped.then(app.stop);
  const end = await app.ended;
  await page.stop();
  return end;
}

function run({ path, args }: DevDesktopOptions['electron'], env: NodeJS.ProcessEnv): RunningApp {
  const signals = new EventEmitter();
  const force = new AbortController();
  // Electron has a separate process group, so end it when this process exits.
  const onExit = () => signals.emit('exit');
  process.once('exit', onExit);
  const { stdout, stderr } = process;
  const outcome = runElectron({ path, args, env, signals, force: force.signal, stdout, stderr });
  void outcome.then(() => process.off('exit', onExit));
  return { outcome, terminate: () => signals.emit('SIGTERM'), kill: () => force.abort() };
}
