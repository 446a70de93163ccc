import { existsSync } from 'node:fs';
import { rawRequest } from '../main/testing/raw-request.ts';
import { LIMITS } from '../main/voice/limits.ts';
import { ChaosHost, METRICS_TOKEN } from './host.ts';
import type { AttackTally } from './hostile/attack-tally.ts';
import { type LogWatch, watchLog } from './log-watch.ts';
import { findMismatches, readMetrics } from './metrics-check.ts';
import { SPEED_FACTOR } from './round.ts';

/** Time limit (ms) for all peers to disconnect. The server's longest timeout is one second. */
const DISCONNECT_MS = 5_000;

/** The host of a soak test: watches its log and checks its metrics at the end. */
export class SoakHost {
  readonly #watch: LogWatch;
  #peak = { connections: 0, sessions: 0 };

  private constructor(
    readonly chaos: ChaosHost,
    watch: LogWatch,
  ) {
    this.#watch = watch;
    chaos.onLog(watch.log);
    const { manager } = chaos;
    manager.onChange(() => {
      this.#peak = {
        connections: Math.max(this.#peak.connections, manager.size),
        sessions: Math.max(this.#peak.sessions, manager.sessions),
      };
    });
  }

  /** Starts a host with the app's limits, except for the sustained rate (not the burst) and the number of lost sessions. */
  static async start(): Promise<SoakHost> {
    const chaos = await ChaosHost.start({
      inboundPerSecond: LIMITS.inboundPerSecond * SPEED_FACTOR,
      // Crowds of attackers lose up to 24 sessions within a second, and a restart loses all of them. With the app's
      // limit of 64, both at once would end sessions that a window is about to resume.
      lostSessions: LIMITS.lostSessions * 4,
    });
    return new SoakHost(chaos, watchLog());
  }

  /** Waits until all peers have disconnected, checks the metrics and stops. @returns one message per failed check */
  async stop(tally: AttackTally): Promise<string[]> {
    const { chaos } = this;
    const watch = this.#watch;
    const faults: string[] = [];
    const expect = (holds: boolean, what: string): void => void (holds || faults.push(what));
    const { manager } = chaos;
    expect(
      await allDisconnected(chaos),
      `${manager.size} connections are still there, ${manager.pending} without a ready`,
    );
    expect(manager.sessions === manager.lost, `${manager.sessions} sessions, ${manager.lost} of them lost`);
    faults.push(...findMismatches(readMetrics(await scrape(chaos.port)), tally));
    await chaos.stop();
    expect(manager.sessions === 0, `${manager.sessions} sessions after the end`);
    expect(!existsSync(chaos.dir), 'the folder is still there');
    watch.stop();
    return [...faults, ...chaos.problems, ...watch.problems];
  }

  lines(): string[] {
    const { connections, sessions } = this.#peak;
    return [
      `restarts   ${this.chaos.restarts}`,
      `at once    up to ${connections} connections and ${sessions} sessions`,
      `log        ${this.#watch.lines} lines read`,
    ];
  }
}

function allDisconnected({ manager }: ChaosHost): Promise<boolean> {
  const allGone = (): boolean => manager.size === 0;
  if (allGone()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(deadline);
      forget();
      resolve(allGone());
    };
    const deadline = setTimeout(end, DISCONNECT_MS);
    const forget = manager.onChange(() => {
      if (allGone()) end();
    });
  });
}

async function scrape(port: number): Promise<string> {
  const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
  return (await rawRequest(port, '/metrics', { headers })).body;
}
