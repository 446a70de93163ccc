import type { ElectronOutcome } from '../launch/run-electron.ts';

/** The app ends by itself within 2 s of being asked, its processes some time later; then it is ended (ms). */
const KILL_AFTER_MS = 8_000;

/** The app while it runs. */
export interface RunningApp {
  outcome: Promise<ElectronOutcome>;
  /** Asks it to end in good order. */
  terminate(): void;
  kill(): void;
}

export interface AppSupervisorOptions {
  /** Builds the app; resolves with a name for what was built, the same for the same code. */
  build(): Promise<string>;
  run(): RunningApp;
  say(line: string): void;
  /** Default: 8,000. */
  killAfterMs?: number;
}

/**
 * Why the app runs no more: its user closed it, we were told to stop, or its first start failed before a window was
 * open.
 */
export type DevEnd = { kind: 'closed' } | { kind: 'stopped' } | { kind: 'failed'; reason: string };

export interface AppSupervisor {
  /** Builds anew, and starts the app anew if something else was built. */
  changed(file: string): void;
  /** Ends the app. */
  stop(): Promise<void>;
  ended: Promise<DevEnd>;
}

/** Builds the app and runs it, and another one in its place after each change that makes a difference to it. */
export function superviseApp({ build, run, say, killAfterMs = KILL_AFTER_MS }: AppSupervisorOptions): AppSupervisor {
  let running: RunningApp | null = null;
  /** The end of the app before, while it is under way. */
  let ending: Promise<void> = Promise.resolve();
  /** What was built last without a mistake. */
  let built: string | null = null;
  let wasStarted = false;
  let isOver = false;
  /** One build or restart at a time. */
  let work: Promise<void> = Promise.resolve();
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
      // Ended by us.
      if (running !== app) return;
      running = null;
      if (outcome.kind === 'ended' && outcome.code === 0) {
        if (!outcome.window) say('Earshot runs already with this data folder. Its window is shown.');
        return finish({ kind: 'closed' });
      }
      if (outcome.kind === 'failed' && isFirst) return finish({ kind: 'failed', reason: outcome.reason });
      const how =
        outcome.kind === 'failed' ? `stopped before its window was open (${outcome.reason})` : exit(outcome.code);
      say(`The app ${how}. It starts again at the next change in main/, preload/ or shared/.`);
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

  async function renew(file: string | null): Promise<void> {
    let now: string;
    try {
      now = await build();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      say(running ? 'The build failed: the app keeps running as it was.' : 'The build failed. Correct it to go on.');
      return;
    }
    if (isOver || (running !== null && now === built)) return;
    built = now;
    if (file !== null && wasStarted) say(`${file} changed: restarting the app.`);
    await end();
    if (!isOver) start();
  }

  function enqueue(file: string | null): void {
    // The build that waits sees this change as well.
    if (isQueued) return;
    isQueued = true;
    work = work.then(() => {
      isQueued = false;
      return isOver ? undefined : renew(file);
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
