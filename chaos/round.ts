import { setTimeout as delay } from 'node:timers/promises';
import { Dice } from '../testing/seeded-random.ts';
import { describeOutcome, runCutTurn } from './cut-turn.ts';
import type { ChaosHost } from './host.ts';
import { HOSTILE_USER, type Surroundings } from './hostile/bytes.ts';
import { runCampaign } from './hostile/campaign.ts';
import type { HostileTally } from './hostile/tally.ts';
import { Lull } from './outage-lock.ts';
import { drawPlan, type Plan } from './plan.ts';
import type { Figures } from './stats.ts';

/** Windows at once. */
export const WINDOWS = 20;
/** No turn begins later than this (ms) in a round. */
export const ROUND_MS = 6_000;
/** A turn is 20 s of speech, cut as often as a minute is twenty times, and spoken so much faster than by a person. */
const TURN_FRAMES = 1_000;
const TURN_CUTS = 7;
export const FASTER = 6;
const FRAMES_PER_SECOND = 50 * FASTER;
/** Voices there are: no two windows of a round have the same, not even one after the other. */
const VOICES = 32_767;

export interface RoundOptions {
  host: ChaosHost;
  seed: number;
  figures: Figures;
  tally: HostileTally;
  /** On the steady clock, in ms: no turn begins later. */
  end: number;
}

/** Draws turn `n` of a round. */
export function drawTurn(seed: number, n: number): Plan {
  const plan = drawPlan(new Dice(seed).fork(n).seed, TURN_FRAMES, TURN_CUTS);
  return { ...plan, pace: { ...plan.pace, perSecond: FRAMES_PER_SECOND } };
}

/** When (ms) in a round the server is replaced; null: in this one it is not. */
export function drawRestart(seed: number): number | null {
  const dice = new Dice(seed).fork(-2);
  return dice.chance(0.5) ? dice.int(500, ROUND_MS - 1_000) : null;
}

/**
 * Windows that speak through connections that break, hostile peers beside them, and now and then a restart, until the time
 * is up and all of them are done.
 * @returns what is not as it must be, in words
 */
export async function runRound({ host, seed, figures, tally, end }: RoundOptions): Promise<string[]> {
  const faults: string[] = [];
  const begun = performance.now();
  const more = (): boolean => performance.now() < Math.min(end, begun + ROUND_MS);
  let honest: Surroundings['honest'] = null;
  const forget = host.onLog((event, { session, user } = {}) => {
    if (event === 'WS_CONNECT' && user !== HOSTILE_USER) honest = { user: String(user), sessionId: String(session) };
  });
  const lull = new Lull();
  let turn = 0;
  const window = async (): Promise<void> => {
    while (more()) {
      const n = turn++;
      const outcome = await runCutTurn(drawTurn(seed, n), { host, voice: 1 + ((seed + n) % VOICES), lull });
      figures.add(outcome);
      if (outcome.faults.length > 0) faults.push(describeOutcome(outcome));
    }
  };
  const restart = async (): Promise<void> => {
    const at = drawRestart(seed);
    if (at === null) return;
    await delay(at);
    await lull.outage(() => host.restart());
  };
  const attack = async (): Promise<void> => {
    faults.push(
      ...(await runCampaign({ host, dice: new Dice(seed).fork(-1), tally, lull, honest: () => honest, more })),
    );
  };
  await Promise.all([...Array.from({ length: WINDOWS }, window), attack(), restart()]);
  forget();
  await host.forget(host.saved);
  return faults;
}
