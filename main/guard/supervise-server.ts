import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { ListenerState } from './check-listener.ts';
import { nextRestart, type RestartHistory } from './restart-policy.ts';

/** How often the server is looked at (ms): one connection of the machine to itself. */
export const CHECK_EVERY_MS = 20_000;
/** A look that comes this much too late (ms) by the wall clock comes after a sleep, or after a clock that was set. */
const JUMP_MS = 10_000;
/** Whoever asks again and again causes one look in this time (ms). */
const ASK_EVERY_MS = 1_000;

export interface SupervisorOptions {
  /** Which one, for the log. */
  server: 'voice' | 'page';
  /** Whether the server can be reached. Never rejects. */
  check(): Promise<ListenerState>;
  /** Makes the server that failed listen again, or puts a new one in its place. @returns its port */
  restart(): Promise<number>;
  log: Log;
  /** ms of any origin, never going back; default: the process's own. */
  steady?: () => number;
  /** ms since the epoch; default: the wall clock. */
  wall?: () => number;
}

export interface ServerSupervisor {
  /** Something points to a failure: a window that asks where the server is, or an error of the server. Looks now. */
  look(): void;
  /** The machine woke from sleep: looks now, and tries again where it had given up. */
  woke(): void;
  /** Looks and restarts no more. Safe to call twice. */
  stop(): void;
}

/** Looks whether a server can be reached, now and then and when there is a reason, and restarts it when it can't be. */
export function superviseServer(options: SupervisorOptions): ServerSupervisor {
  const { server, check, restart, log, steady = () => performance.now(), wall = Date.now } = options;
  let history: RestartHistory = { tries: 0, runningSince: steady() };
  let busy = false;
  let gaveUp = false;
  let stopped = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let endPause: () => void = () => undefined;

  function schedule(): void {
    clearTimeout(timer);
    const due = wall() + CHECK_EVERY_MS;
    timer = setTimeout(() => {
      schedule();
      if (wall() - due >= JUMP_MS) woke();
      else if (!gaveUp) void work();
    }, CHECK_EVERY_MS).unref();
  }

  function pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(end);
        resolve();
      };
    });
  }

  /** One look or one recovery at a time. */
  async function work(): Promise<void> {
    if (busy || stopped) return;
    busy = true;
    lookedAt = steady();
    const why = gaveUp ? 'all earlier tries failed' : await whyUnreachable();
    if (why !== null && !stopped) await recover(why);
    busy = false;
  }

  /** @returns null: it can be reached, or nobody can tell */
  async function whyUnreachable(): Promise<string | null> {
    // Once may be a stall of this process: a server that is well costs its connections nothing.
    for (let looks = 0; looks < 2; looks++) {
      const state = await check();
      if (state === 'refused') return 'nothing listens on its port';
      if (state !== 'silent') return null;
    }
    return 'it does not answer on its port';
  }

  async function recover(why: string): Promise<void> {
    log('SERVER_FAILED', { server, why });
    gaveUp = false;
    for (;;) {
      const step = nextRestart(history, steady());
      if (step.do === 'give up') {
        gaveUp = true;
        log('SERVER_GIVEN_UP', { server, tries: history.tries });
        return;
      }
      history = step.history;
      const { tries } = history;
      if (step.pauseMs > 0) log('SERVER_RESTARTING', { server, tries, ms: step.pauseMs });
      await pause(step.pauseMs);
      if (stopped) return;
      try {
        const port = await restart();
        history = { ...history, runningSince: steady() };
        log('SERVER_RESTARTED', { server, tries, port });
        return;
      } catch (error) {
        if (stopped) return;
        log('WARNING', { type: 'server_restart_failed', server, tries, detail: describeError(error) });
      }
    }
  }

  /** Somebody wants the server, or the reason may be gone: what was given up has all of its tries again. */
  function tryAnew(): void {
    if (gaveUp) history = { tries: 0, runningSince: null };
    void work();
  }

  function woke(): void {
    if (stopped) return;
    log('WOKE');
    endPause();
    tryAnew();
  }

  schedule();
  return {
    look() {
      if (steady() - lookedAt < ASK_EVERY_MS) return;
      tryAnew();
    },
    woke,
    stop() {
      stopped = true;
      clearTimeout(timer);
      endPause();
    },
  };
}
