import type { ElectronOutcome } from '../launch/run-electron.ts';

/**
 * Time (ms) after SIGTERM until the app is killed. The app needs up to 2 s to end, and its processes some more time.
 */
const KILL_AFTER_MS = 8_000;

/** A running app. */
export interface RunningApp {
  outcome: Promise<ElectronOutcome>;
  /** Asks it to quit. */
  terminate(): void;
  kill(): void;
}

export interface AppSupervisorOptions {
  /** Builds the app; resolves with a hash of the code. */
  build(): Promise<string>;
  run(): RunningApp;
  print(line: string): void;
  /** Default: 8,000. */
  killAfterMs?: number;
}

/** Why the app ended: the user closed it, `stop` was called, or its first start failed before its window was open. */
export type DevEnd = { kind: 'closed' } | { kind: 'stopped' } | { kind: 'failed'; reason: string };

export interface AppSupervisor {
  /** Rebuilds the app and, if the build differs, restarts it. */
  changed(file: string): void;
  /** Ends the app. */
  stop(): Promise<void>;
  ended: Promise<DevEnd>;
}

/** Builds and runs the app, and restarts it after each change of the build. */
export function superviseApp({ build, run, print, killAfterMs = KILL_AFTER_MS }: AppSupervisorOptions): AppSupervisor {
  let running: RunningApp | null = null;
  /** Resolves when the previous app has ended. */
  let ending: Promise<void> = Promise.resolve();
  /** The hash of the last successful build. */
  let built: string | null = null;
  let wasStarted = false;
  let isOver = false;
  /** One build or restart at a time. */
  let queue: Promise<void> = Promise.resolve();
  let isQueued = false;
  let finish: (end: DevEnd) => void = () => {};
  const ended = new Promise<DevEnd>((resolve) => {
    finish = (end) => {
      isOver = true;
      resolve(end);
    };
  });

  function start(): void {
    const app = run();
    running = app;
    const isFirst = !wasStarted;
    wasStarted = true;
    void app.outcome.then((outcome) => {
      // Ended by `end`, below.
      if (running !== app) return;
      running = null;
      if (outcome.kind === 'ended' && outcome.code === 0) {
        if (!outcome.window) print('Earshot is already running with this data folder. Its window is shown.');
        return finish({ kind: 'closed' });
      }
      if (outcome.kind === 'failed' && isFirst) return finish({ kind: 'failed', reason: outcome.reason });
      const how =
        outcome.kind === 'failed' ? `stopped before its window was open (${outcome.reason})` : exit(outcome.code);
      print(`The app ${how}. It starts again at the next change in main/, preload/ or shared/.`);
    });
  }

  function end(): Promise<void> {
    const app = running;
    running = null;
    if (app === null) return ending;
    const force = setTimeout(() => app.kill(), killAfterMs);
    app.terminate();
    ending = app.outcome.then(() => clearTimeout(force));
    return ending;
  }

  async function rebuild(file: string | null): Promise<void> {
    let current: string;
    try {
      current = await build();
    } catch (error) {
      print(error instanceof Error ? error.message : String(error));
      print(
        running
          ? 'The build failed: the app keeps running as it was.'
          : 'The build failed. Correct the error to continue.',
      );
      return;
    }
    if (isOver || (running !== null && current === built)) return;
    built = current;
    if (file !== null && wasStarted) print(`${file} changed: restarting the app.`);
    await end();
    if (!isOver) start();
  }

  function enqueue(file: string | null): void {
    // A build that is already in the queue will include this change.
    if (isQueued) return;
    isQueued = true;
    queue = queue.then(() => {
      isQueued = false;
      return isOver ? undefined : rebuild(file);
    });
  }

  enqueue(null);
  return {
    changed: enqueue,
    async stop() {
      isOver = true;
      await end();
      finish({ kind: 'stopped' });
    },
    ended,
  };
}

const exit = (code: number): string => `ended with exit code ${code}`;
