import type { EventEmitter } from 'node:events';
import { parseCommandLine } from '../../main/desktop/command-line.ts';
import { afterFailedStart, type Decision, type Download, decide, type Start } from './decide.ts';
import { downloadRuntime } from './download.ts';
import { isSwitchedOn } from './environment.ts';
import { runElectron } from './run-electron.ts';
import { findRuntime } from './runtime.ts';

/** The facts on which the choice between Electron and a tab depends. */
export interface LaunchChoice {
  /** The folder that Electron runs as an app: where package.json is. */
  project: string;
  /** The folder of the npm package `electron`. */
  electronDir: string;
  platform: NodeJS.Platform;
  root: boolean;
  env: NodeJS.ProcessEnv;
  argv: readonly string[];
  /** Prints one line for the user. */
  print: (line: string) => void;
  /** A download fails after this time (ms) without progress. Default: 120,000. */
  stallMs?: number;
}

export interface LaunchOptions extends LaunchChoice {
  /** Runs Earshot in a browser tab until it is stopped. */
  openTab: () => Promise<void>;
  signals: EventEmitter;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** Chooses between Electron and a tab. Downloads Electron's runtime if necessary and possible. */
export async function chooseLaunch(choice: LaunchChoice): Promise<Start> {
  const { env, electronDir, platform, print } = choice;
  const decideWith = (download: Download): Decision =>
    decide({
      platform,
      root: choice.root,
      display: hasDisplay(platform, env),
      runtime: findRuntime({ electronDir, overrideDir: env.ELECTRON_OVERRIDE_DIST_PATH, platform }),
      download,
      project: choice.project,
      argv: choice.argv,
    });

  const decision = decideWith({ state: isSwitchedOn(env.ELECTRON_SKIP_BINARY_DOWNLOAD) ? 'off' : 'possible' });
  if (decision.run !== 'download') return decision;
  print("Downloading Electron's runtime, once: about 120 MB.");
  const { stallMs } = choice;
  const reason = await downloadRuntime({ electronDir, env, ...(stallMs === undefined ? {} : { stallMs }) });
  const second = decideWith({ state: 'failed', reason: reason ?? 'the download left no runtime behind' });
  // `decide` asks for a download only if none was tried.
  if (second.run === 'download') throw new Error('decide asked for a second download');
  return second;
}

/**
 * Runs the built app in Electron if possible, otherwise in a browser tab.
 * @returns Electron's exit code; null after a run in a tab
 */
export async function launch(options: LaunchOptions): Promise<number | null> {
  const { env, print, signals, stdout, stderr } = options;
  let decision: Start = await chooseLaunch(options);
  if (decision.run === 'electron') {
    if (decision.why !== undefined) print(decision.why);
    const line = parseCommandLine(options.argv);
    // A tab in place of an answer such as "Earshot does not run" would surprise.
    const answers = line.run !== 'app' || line.command !== null;
    const outcome = await runElectron({ ...decision, env, answers, signals, stdout, stderr });
    if (outcome.kind === 'ended') return outcome.code;
    decision = afterFailedStart(outcome.reason);
  }
  print(decision.why);
  await options.openTab();
  return null;
}

function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
