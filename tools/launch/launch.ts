import type { EventEmitter } from 'node:events';
import { afterFailedStart, type Decision, type Download, decide } from './decide.ts';
import { downloadRuntime } from './download.ts';
import { isSwitchedOn } from './environment.ts';
import { runElectron } from './run-electron.ts';
import { findRuntime } from './runtime.ts';

export interface LaunchOptions {
  /** The folder that Electron runs as an app: where package.json is. */
  project: string;
  /** The folder of the npm package `electron`. */
  electronDir: string;
  platform: NodeJS.Platform;
  root: boolean;
  env: NodeJS.ProcessEnv;
  argv: readonly string[];
  /** Runs Earshot in a browser tab, until it is told to stop; sets the exit code itself. */
  openTab: () => Promise<void>;
  /** One line for the user. */
  say: (line: string) => void;
  signals: EventEmitter;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** A download without progress for this long (ms) is given up. Default: 120,000. */
  stallMs?: number;
}

/**
 * Starts the built app: in Electron where that works, else in a browser tab.
 * @returns Electron's exit code; null after a run in a tab
 */
export async function launch(options: LaunchOptions): Promise<number | null> {
  const { env, electronDir, platform, say } = options;
  const ask = (download: Download): Decision =>
    decide({
      platform,
      root: options.root,
      display: hasDisplay(platform, env),
      runtime: findRuntime({ electronDir, overrideDir: env.ELECTRON_OVERRIDE_DIST_PATH, platform }),
      download,
      project: options.project,
      argv: options.argv,
    });

  let decision = ask({ state: isSwitchedOn(env.ELECTRON_SKIP_BINARY_DOWNLOAD) ? 'off' : 'possible' });
  if (decision.run === 'download') {
    say("Downloading Electron's runtime, once: about 120 MB.");
    const { stallMs } = options;
    const reason = await downloadRuntime({ electronDir, env, ...(stallMs === undefined ? {} : { stallMs }) });
    decision = ask({ state: 'failed', reason: reason ?? 'the download left no runtime behind' });
  }
  if (decision.run === 'electron') {
    if (decision.why !== undefined) say(decision.why);
    const { signals, stdout, stderr } = options;
    const outcome = await runElectron({ ...decision, env, signals, stdout, stderr });
    if (outcome.kind === 'ended') return outcome.code;
    decision = afterFailedStart(outcome.reason);
  }
  if (decision.run === 'tab') say(decision.why);
  await options.openTab();
  return null;
}

function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
