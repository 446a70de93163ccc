import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { ListenerState } from './check-listener.ts';
import { nextRestart, type RestartHistory } from './restart-policy.ts';

/** Interval in ms between checks. Each check is one loopback connection. */
export const CHECK_EVERY_MS = 20_000;
/** A check that is this late in ms, by the wall clock, means that the machine slept or the clock was changed. */
const SLEEP_THRESHOLD_MS = 10_000;
/** Shortest interval in ms between two checks that `checkNow` causes. */
const MIN_CHECK_INTERVAL_MS = 1_000;

export interface SupervisorOptions {
  /** The name of the server in the log. */
  server: 'voice' | 'page';
  /** Whether the server can be reached. Never rejects. */
  check(): Promise<ListenerState>;
  /** Restarts or replaces the failed server. @returns its port */
  restart(): Promise<number>;
  log: Log;
  /** Monotonic clock, ms of any origin; default: `performance.now()`. */
  monotonicNow?: () => number;
  /** Wall clock, ms since the epoch; default: `Date.now()`. */
  now?: () => number;
}

export interface ServerSupervisor {
  /**
   * Checks now, because something suggests a failure: a window asks for the server's address, or the server had an
   * error.
   */
  checkNow(): void;
  /** Checks now, because the machine woke from sleep. Also retries if it had given up. */
  onWake(): void;
  /** Stops checking and restarting. Safe to call twice. */
  stop(): void;
}

/** Checks whether a server is reachable, periodically and on request, and restarts it if it is not. */
export function superviseServer(options: SupervisorOptions): ServerSupervisor {
  const { server, check, restart, log, monotonicNow = () => performance.now(), now = Date.now } = options;
  let history: RestartHistory = { tries: 0, runningSince: monotonicNow() };
  let busy = false;
  let gaveUp = false;
  let stopped = false;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let endPause: () => void = () => undefined;

  function schedule(): void {
    clearTimeout(timer);
    const due = now() + CHECK_EVERY_MS;
    timer = setTimeout(() => {
      schedule();
      if (now() - due >= SLEEP_THRESHOLD_MS) onWake();
      else if (!gaveUp) void checkAndRecover();
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

  /** Runs one check and, if needed, one recovery at a time. */
  async function checkAndRecover(): Promise<void> {
    if (busy || stopped) return;
    busy = true;
    checkedAt = monotonicNow();
    const why = gaveUp ? 'all earlier attempts failed' : await whyUnreachable();
    if (why !== null && !stopped) await recover(why);
    busy = false;
  }

  /** @returns why the server is unreachable; null if it is reachable or unknown */
  async function whyUnreachable(): Promise<string | null> {
    // Check twice: a single timeout may be a stall of this process, and a restart closes all connections.
    for (let checks = 0; checks < 2; checks++) {
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
      const step = nextRestart(history, monotonicNow());
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
        history = { ...history, runningSince: monotonicNow() };
        log('SERVER_RESTARTED', { server, tries, port });
        return;
      } catch (error) {
        if (stopped) return;
        log('WARNING', { type: 'server_restart_failed', server, tries, detail: describeError(error) });
      }
    }
  }

  /** Checks again. If it had given up, all attempts are available again. */
  function retry(): void {
    if (gaveUp) history = { tries: 0, runningSince: null };
    void checkAndRecover();
  }

  function onWake(): void {
    if (stopped) return;
    log('WOKE');
    endPause();
    retry();
  }

  schedule();
  return {
    checkNow() {
      if (monotonicNow() - checkedAt < MIN_CHECK_INTERVAL_MS) return;
      retry();
    },
    onWake,
    stop() {
      stopped = true;
      clearTimeout(timer);
      endPause();
    },
  };
}
