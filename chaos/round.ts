import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../testing/seeded-random.ts';
import { describeOutcome, runCutTurn } from './cut-turn.ts';
import type { ChaosHost } from './host.ts';
import { type AttackContext, HOSTILE_USER } from './hostile/bytes.ts';
import { runCampaign } from './hostile/campaign.ts';
import type { HostileTally } from './hostile/tally.ts';
import { OutageLock } from './outage-lock.ts';
import { generatePlan, type Plan } from './plan.ts';
import type { Stats } from './stats.ts';

/** Number of concurrent windows. */
export const WINDOWS = 20;
/** No turn starts later than this in a round (ms). */
export const ROUND_MS = 6_000;
/** A turn is 20 s of audio, cut as often as a minute with twenty cuts, sent at `SPEED_FACTOR` times real time. */
const TURN_FRAMES = 1_000;
const TURN_CUTS = 7;
export const SPEED_FACTOR = 6;
const FRAMES_PER_SECOND = 50 * SPEED_FACTOR;
/** Number of voices; every turn of a round has a different one. */
const VOICES = 32_767;

export interface RoundOptions {
  host: ChaosHost;
  seed: number;
  stats: Stats;
  tally: HostileTally;
  /** No turn starts later than this, on the monotonic clock in ms. */
  end: number;
}

/** Generates turn `n` of a round. */
export function generateTurn(seed: number, n: number): Plan {
  const plan = generatePlan(new SeededRandom(seed).fork(n).seed, TURN_FRAMES, TURN_CUTS);
  return { ...plan, pace: { ...plan.pace, perSecond: FRAMES_PER_SECOND } };
}

/** Time in ms at which the server restarts in a round; null: it does not. */
export function generateRestart(seed: number): number | null {
  const rng = new SeededRandom(seed).fork(-2);
  return rng.chance(0.5) ? rng.int(500, ROUND_MS - 1_000) : null;
}

/**
 * Runs windows over breaking connections together with hostile peers and, in some rounds, a server restart, until the
 * time is up and all of them have finished.
 * @returns a sentence for each failed check
 */
export async function runRound({ host, seed, stats, tally, end }: RoundOptions): Promise<string[]> {
  const faults: string[] = [];
  const begun = performance.now();
  const more = (): boolean => performance.now() < Math.min(end, begun + ROUND_MS);
  let other: AttackContext['other'] = null;
  const unsubscribe = host.onLog((event, { session, user } = {}) => {
    if (event === 'WS_CONNECT' && user !== HOSTILE_USER) other = { user: String(user), sessionId: String(session) };
  });
  const outageLock = new OutageLock();
  let turn = 0;
  const window = async (): Promise<void> => {
    while (more()) {
      const n = turn++;
      const outcome = await runCutTurn(generateTurn(seed, n), { host, voice: 1 + ((seed + n) % VOICES), outageLock });
      stats.add(outcome);
      if (outcome.faults.length > 0) faults.push(describeOutcome(outcome));
    }
  };
  const restart = async (): Promise<void> => {
    const at = generateRestart(seed);
    if (at === null) return;
    await delay(at);
    await outageLock.outage(() => host.restart());
  };
  const attack = async (): Promise<void> => {
    faults.push(
      ...(await runCampaign({
        host,
        rng: new SeededRandom(seed).fork(-1),
        tally,
        outageLock,
        other: () => other,
        more,
      })),
    );
  };
  await Promise.all([...Array.from({ length: WINDOWS }, window), attack(), restart()]);
  unsubscribe();
  await host.deleteRecordings(host.saved);
  return faults;
}
