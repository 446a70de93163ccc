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

/** Windows at once. */
export const WINDOWS = 20;
/** No turn begins later than this (ms) in a round. */
export const ROUND_MS = 6_000;
/** A turn is 20 s of speech, cut as often as a minute is twenty times, and spoken so much faster than by a person. */
const TURN_FRAMES = 1_000;
const TURN_CUTS = 7;
export const SPEED_FACTOR = 6;
const FRAMES_PER_SECOND = 50 * SPEED_FACTOR;
/** Voices there are: no two windows of a round have the same, not even one after the other. */
const VOICES = 32_767;

export interface RoundOptions {
  host: ChaosHost;
  seed: number;
  stats: Stats;
  tally: HostileTally;
  /** On the steady clock, in ms: no turn begins later. */
  end: number;
}

/** Draws turn `n` of a round. */
export function generateTurn(seed: number, n: number): Plan {
  const plan = generatePlan(new SeededRandom(seed).fork(n).seed, TURN_FRAMES, TURN_CUTS);
  return { ...plan, pace: { ...plan.pace, perSecond: FRAMES_PER_SECOND } };
}

/** When (ms) in a round the server is replaced; null: in this one it is not. */
export function generateRestart(seed: number): number | null {
  const rng = new SeededRandom(seed).fork(-2);
  return rng.chance(0.5) ? rng.int(500, ROUND_MS - 1_000) : null;
}

/**
 * Windows that speak through connections that break, hostile peers beside them, and now and then a restart, until the time
 * is up and all of them are done.
 * @returns what is not as it must be, in words
 */
export async function runRound({ host, seed, stats, tally, end }: RoundOptions): Promise<string[]> {
  const faults: string[] = [];
  const begun = performance.now();
  const more = (): boolean => performance.now() < Math.min(end, begun + ROUND_MS);
  let honest: AttackContext['honest'] = null;
  const unsubscribe = host.onLog((event, { session, user } = {}) => {
    if (event === 'WS_CONNECT' && user !== HOSTILE_USER) honest = { user: String(user), sessionId: String(session) };
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
        honest: () => honest,
        more,
      })),
    );
  };
  await Promise.all([...Array.from({ length: WINDOWS }, window), attack(), restart()]);
  unsubscribe();
  await host.forget(host.saved);
  return faults;
}
