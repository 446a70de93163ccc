import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../../testing/seeded-random.ts';
import type { ChaosHost } from '../host.ts';
import type { OutageLock } from '../outage-lock.ts';
import { type Attack, evaluateAttack } from './attack.ts';
import type { AttackTally } from './attack-tally.ts';
import { generateAttack } from './generate-attack.ts';
import type { AttackContext } from './request-bytes.ts';
import { runAttack } from './run-attack.ts';

/** Concurrent attacks. At most 8 connections may wait for `ready`, and regular windows need some of them. */
const WORKERS = 4;
/** Pause (ms) after a peer found the server full: the next attack would be refused as well. */
const FULL_PAUSE_MS = 100;

export interface CampaignOptions {
  host: ChaosHost;
  rng: SeededRandom;
  tally: AttackTally;
  outageLock: OutageLock;
  /** Returns a current session of another user; null if there is none. */
  other: () => AttackContext['other'];
  /** Returns whether another attack may start. */
  shouldContinue: () => boolean;
}

/** Runs attacks concurrently while `shouldContinue` is true. @returns a description of each unexpected ending */
export async function runCampaign(options: CampaignOptions): Promise<string[]> {
  const faults: string[] = [];
  const worker = async (rng: SeededRandom): Promise<void> => {
    while (options.shouldContinue()) {
      await serverUp(options.host);
      faults.push(...(await runOne(generateAttack(rng), options)));
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, i) => worker(options.rng.fork(i))));
  return faults;
}

function runOne(attack: Attack, options: CampaignOptions): Promise<string[]> {
  const run = (): Promise<string[]> => runPeers(attack, options);
  return attack.kind === 'crowd' ? options.outageLock.outage(run) : run();
}

async function runPeers(attack: Attack, { host, tally, other }: CampaignOptions): Promise<string[]> {
  const faults: string[] = [];
  const peer = async (number: number): Promise<void> => {
    if (number > 0 && attack.staggerMs > 0) await delay(number * attack.staggerMs);
    const { port, serverChanges } = host;
    const outcome = await runAttack(attack, { port, other: other() });
    const result = evaluateAttack(attack, {
      ...outcome,
      restarted: host.serverChanges !== serverChanges || port === 0,
    });
    tally.add(attack.kind, outcome, result);
    if (result === 'full') await delay(FULL_PAUSE_MS);
    if (result === 'unexpected') faults.push(describe(attack, outcome.ending));
  };
  await Promise.all(Array.from({ length: attack.peers }, (_, number) => peer(number)));
  return faults;
}

/** Resolves when a server is running; during a restart there is none. */
function serverUp(host: ChaosHost): Promise<void> {
  if (host.port !== 0) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = host.onPortChange(() => {
      stop();
      resolve();
    });
  });
}

/** Maximum length of a step's description, in characters. */
const MAX_STEP = 160;

function describe({ kind, script, expect }: Attack, ending: string): string {
  const steps = script.map((step) => {
    const bytes = 'bytes' in step ? { bytes: Buffer.from(step.bytes).toString('latin1') } : {};
    return JSON.stringify({ ...step, ...bytes }).slice(0, MAX_STEP);
  });
  return `${kind}: ${ending} instead of ${expect.join(' or ')}\n    ${steps.join('\n    ')}`;
}
