import { randomInt } from 'node:crypto';
import { describeError } from '../../shared/errors.ts';
import { describeOutcome, runCutTurn } from './cut-turn.ts';
import { Figures } from './figures.ts';
import { drawPlan } from './plan.ts';
import { openResources, untilNoMoreThan } from './resources.ts';
import { parseSoakArgs, SOAK_USAGE, type SoakOptions } from './soak-args.ts';

/** Turns side by side, and turns of one round; between rounds the heap is measured with nothing under way. */
const SIDE_BY_SIDE = 8;
const ROUND_TURNS = 24;
/** Of a run as long as it takes to tell (see `Figures.heapSlope`), no turn may leave more behind than this (bytes). */
const MAX_HEAP_SLOPE = 16 * 1024;

/** Runs turns until the time or the seeds are used up. @returns whether every one of them was whole */
async function soak({ firstSeed, seeds, minutes }: SoakOptions): Promise<boolean> {
  const figures = new Figures();
  const end = performance.now() + minutes * 60_000;
  const last = firstSeed + seeds - 1;
  let next = firstSeed;
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
    console.log('Stopping after the turns that are under way.');
  });
  const more = (): boolean => !stopped && next <= last && performance.now() < end;

  console.log(`Turns of a minute through a connection that breaks twenty times each, from seed ${firstSeed}`);
  const before = openResources();
  while (more()) {
    const roundEnd = next + ROUND_TURNS;
    const lane = async (): Promise<void> => {
      while (next < roundEnd && more()) {
        const outcome = await runCutTurn(drawPlan(next++));
        figures.add(outcome);
        if (outcome.faults.length > 0) console.log(describeOutcome(outcome));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    globalThis.gc?.();
    figures.addHeap(process.memoryUsage().heapUsed);
  }
  const leftOpen = await untilNoMoreThan(before);
  for (const line of figures.lines(leftOpen)) console.log(line);
  for (const seed of figures.failed) console.log(`again:     npm run soak -- --seed ${seed}`);
  const leaks = (figures.heapSlope ?? 0) > MAX_HEAP_SLOPE || Object.keys(leftOpen).length > 0;
  if (leaks) console.log('Something is left behind: see the last two figures.');
  return figures.failed.length === 0 && !leaks;
}

async function main(): Promise<number> {
  let options: SoakOptions;
  try {
    options = parseSoakArgs(process.argv.slice(2), () => randomInt(1, 1_000_000_000));
  } catch (error) {
    console.error(`${describeError(error)}\n${SOAK_USAGE}`);
    return 2;
  }
  return (await soak(options)) ? 0 : 1;
}

process.exitCode = await main();
