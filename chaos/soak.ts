import { randomInt } from 'node:crypto';
import { describeError } from '../shared/errors.ts';
import { runCutTurn } from './cut-turn.ts';
import { AttackTally } from './hostile/attack-tally.ts';
import { generatePlan } from './plan.ts';
import { openResources, waitForResources } from './resources.ts';
import { runRound, WINDOWS } from './round.ts';
import { parseSoakArgs, SOAK_USAGE, type SoakOptions } from './soak-args.ts';
import { SoakHost } from './soak-host.ts';
import { Stats } from './stats.ts';
import { describeOutcome } from './turn-outcome.ts';

/** Stop after this many failed rounds. */
const MAX_FAILED = 3;
/** Delay in ms before a forced exit when leaked handles keep the process alive. */
const EXIT_MS = 1_000;

/** Runs rounds until the time is up or every seed has run. @returns whether all checks passed */
async function soak({ firstSeed, seeds, minutes }: SoakOptions): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const before = openResources();
  const stats = new Stats();
  const tally = new AttackTally();
  const host = await SoakHost.start();
  const failed: number[] = [];
  let seed = firstSeed;
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
    console.log('Stopping after the current round.');
  });
  process.on('uncaughtExceptionMonitor', () => console.error(`Crashed. To reproduce: npm run soak -- --seed ${seed}`));

  console.log(`${WINDOWS} concurrent windows on breaking connections, with hostile peers, from seed ${seed}`);
  const shouldContinue = (): boolean => !stopped && failed.length < MAX_FAILED && performance.now() < end;
  for (; seed < firstSeed + seeds && shouldContinue(); seed++) {
    const faults = await runRound({ host: host.chaos, seed, stats, tally, end });
    for (const fault of faults) console.log(`round ${seed}: ${fault}`);
    if (faults.length > 0) failed.push(seed);
    globalThis.gc?.();
    stats.addHeap(process.memoryUsage().heapUsed);
  }
  const faults = await host.stop(tally);
  const leftOpen = await waitForResources(before);

  for (const fault of faults) console.log(fault);
  for (const line of [...stats.lines(), ...tally.lines(), ...host.lines(), ...stats.leakLines(leftOpen)]) {
    console.log(line);
  }
  for (const seedToRepeat of failed) console.log(`reproduce: npm run soak -- --seed ${seedToRepeat}`);
  const leaks = stats.leaks || Object.keys(leftOpen).length > 0;
  if (leaks) console.log('Something leaked: see the last two lines of the statistics.');
  if (Object.keys(leftOpen).length > 0) setTimeout(() => process.exit(), EXIT_MS).unref();
  return failed.length + faults.length === 0 && stats.lost + stats.duplicate === 0 && !leaks;
}

/** Runs one minute of audio with twenty cuts on a separate host. */
async function runSingleTurn(seed: number): Promise<boolean> {
  const outcome = await runCutTurn(generatePlan(seed));
  console.log(outcome.failures.length === 0 ? `turn ${seed} passed` : describeOutcome(outcome));
  return outcome.failures.length === 0;
}

async function main(): Promise<number> {
  let options: SoakOptions;
  try {
    options = parseSoakArgs(process.argv.slice(2), () => randomInt(1, 1_000_000_000));
  } catch (error) {
    console.error(`${describeError(error)}\n${SOAK_USAGE}`);
    return 2;
  }
  const passed = options.turn === null ? await soak(options) : await runSingleTurn(options.turn);
  return passed ? 0 : 1;
}

process.exitCode = await main();
