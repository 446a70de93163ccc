import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../testing/seeded-random.ts';
import { runCutTurn } from './cut-turn.ts';
import type { ChaosHost } from './host.ts';
import type { AttackTally } from './hostile/attack-tally.ts';
import { runCampaign } from './hostile/campaign.ts';
import { type AttackContext, HOSTILE_USER } from './hostile/request-bytes.ts';
import { OutageLock } from './outage-lock.ts';
import { generatePlan, type Plan } from './plan.ts';
import type { Stats } from './stats.ts';
import { describeOutcome } from './turn-outcome.ts';

/** Number of concurrent windows. */
export const WINDOWS = 20;
/** Time (ms) after which no turn of a round starts. */
export const ROUND_MS = 6_000;
/**
 * A turn has 20 s of audio and the cut rate of a minute with twenty cuts. It runs at `SPEED_FACTOR` times real time.
 */
const TURN_FRAMES = 1_000;
const TURN_CUTS = 7;
export const SPEED_FACTOR = 6;
const FRAMES_PER_SECOND = 50 * SPEED_FACTOR;
/** Number of voices. Every turn of a round has a different voice. */
const VOICES = 32_767;

export interface RoundOptions {
  host: ChaosHost;
  seed: number;
  stats: Stats;
  tally: AttackTally;
  /** Time after which no turn starts, on the monotonic clock in ms. */
  end: number;
}

/** Generates turn `n` of a round. */
export function generateTurn(seed: number, n: number): Plan {
  const plan = generatePlan(new SeededRandom(seed).fork(n).seed, TURN_FRAMES, TURN_CUTS);
  return { ...plan, pace: { ...plan.pace, perSecond: FRAMES_PER_SECOND } };
}

/** Generates the time (ms) of the server's restart in a round; null: no restart. */
export function generateRestart(seed: number): number | null {
  const rng = new SeededRandom(seed).fork(-2);
  return rng.chance(0.5) ? rng.int(500, ROUND_MS - 1_000) : null;
}

/**
 * Runs windows over breaking connections, together with hostile peers and, in some rounds, a server restart. Resolves
 * when the time is up and all of them have finished.
 * @returns one message per failed check
 */
export async function runRound({ host, seed, stats, tally, end }: RoundOptions): Promise<string[]> {
  const faults: string[] = [];
  const begun = performance.now();
  const shouldContinue = (): boolean => performance.now() < Math.min(end, begun + ROUND_MS);
  let other: AttackContext['other'] = null;
  const unsubscribe = host.onLog((event, { session, user } = {}) => {
    if (event === 'WS_CONNECT' && user !== HOSTILE_USER) other = { user: String(user), sessionId: String(session) };
  });
  const outageLock = new OutageLock();
  let turn = 0;
  const window = async (): Promise<void> => {
    while (shouldContinue()) {
      const n = turn++;
      const outcome = await runCutTurn(generateTurn(seed, n), { host, voice: 1 + ((seed + n) % VOICES), outageLock });
      stats.add(outcome);
      if (outcome.failures.length > 0) faults.push(describeOutcome(outcome));
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
        shouldContinue,
      })),
    );
  };
  await Promise.all([...Array.from({ length: WINDOWS }, window), attack(), restart()]);
  unsubscribe();
  await host.deleteRecordings(host.saved);
  return faults;
}
