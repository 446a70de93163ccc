import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../../testing/seeded-random.ts';
import type { ChaosHost } from '../host.ts';
import type { OutageLock } from '../outage-lock.ts';
import { type Attack, evaluateAttack } from './attempt.ts';
import type { AttackContext } from './bytes.ts';
import { generateAttack } from './generate-attack.ts';
import { runAttack } from './run-attack.ts';
import type { HostileTally } from './tally.ts';

/** So many attempts at once: less than the 8 connections that may be without a `ready`, which honest windows need, too. */
const LANES = 4;
/** What a peer waits for (ms) that found the server full: who would only be refused again tries nothing. */
const FULL_PAUSE_MS = 100;

export interface CampaignOptions {
  host: ChaosHost;
  rng: SeededRandom;
  tally: HostileTally;
  outageLock: OutageLock;
  /** Somebody else's session at this moment. */
  honest: () => AttackContext['honest'];
  /** Another attempt may begin. */
  more: () => boolean;
}

/** Hostile peers, some at a time, for as long as they may. @returns what came out otherwise than it should, in words */
export async function runCampaign(options: CampaignOptions): Promise<string[]> {
  const faults: string[] = [];
  const lane = async (rng: SeededRandom): Promise<void> => {
    while (options.more()) {
      await stands(options.host);
      faults.push(...(await tryOnce(generateAttack(rng), options)));
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, i) => lane(options.rng.fork(i))));
  return faults;
}

function tryOnce(attempt: Attack, options: CampaignOptions): Promise<string[]> {
  const play = (): Promise<string[]> => playAll(attempt, options);
  return attempt.kind === 'crowd' ? options.outageLock.outage(play) : play();
}

async function playAll(attempt: Attack, { host, tally, honest }: CampaignOptions): Promise<string[]> {
  const faults: string[] = [];
  const peer = async (number: number): Promise<void> => {
    if (number > 0 && attempt.apartMs > 0) await delay(number * attempt.apartMs);
    const { port, moves } = host;
    const outcome = await runAttack(attempt, { port, honest: honest() });
    const judgement = evaluateAttack(attempt, { ...outcome, moved: host.moves !== moves || port === 0 });
    tally.add(attempt.kind, outcome, judgement);
    if (judgement === 'full') await delay(FULL_PAUSE_MS);
    if (judgement === 'unexpected') faults.push(describe(attempt, outcome.ending));
  };
  await Promise.all(Array.from({ length: attempt.peers }, (_, number) => peer(number)));
  return faults;
}

/** While the server is being replaced there is nobody to attack. */
function stands(host: ChaosHost): Promise<void> {
  if (host.port !== 0) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = host.onMoved(() => {
      stop();
      resolve();
    });
  });
}

/** Longest description of one step, in characters: a flood must not flood the report. */
const MAX_STEP = 160;

function describe({ kind, script, expect }: Attack, ending: string): string {
  const steps = script.map((step) => {
    const bytes = 'bytes' in step ? { bytes: Buffer.from(step.bytes).toString('latin1') } : {};
    return JSON.stringify({ ...step, ...bytes }).slice(0, MAX_STEP);
  });
  return `${kind}: ${ending} instead of ${expect.join(' or ')}\n    ${steps.join('\n    ')}`;
}
