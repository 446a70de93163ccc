import { parseArgs } from 'node:util';

export interface SoakOptions {
  firstSeed: number;
  /** Maximum number of rounds. Each uses the next seed. Infinity: as many as the time allows. */
  seeds: number;
  /** Time limit in minutes; Infinity: none. */
  minutes: number;
  /** Seed of a single turn to run instead of rounds; null: run rounds. */
  turn: number | null;
}

export const SOAK_USAGE = `npm run soak -- [--minutes N] [--seed S] [--seeds N] [--turn S]
  --minutes N  start no turn after N minutes
  --seed S     the seed of the first round; without other options: run only this round
  --seeds N    run N rounds with the seeds S, S+1, …
  --turn S     run one minute of audio with twenty cuts, as in the unit tests
  Without options: one minute from a random seed, which is printed.`;

/**
 * Parses the command line of `npm run soak`.
 * @param randomSeed returns the first seed if none is given
 * @throws {Error} with a message for the user
 */
export function parseSoakArgs(argv: readonly string[], randomSeed: () => number): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      turn: { type: 'string' },
    },
  });
  const minutes = values.minutes === undefined ? null : positive('--minutes', values.minutes);
  const seeds = values.seeds === undefined ? null : whole('--seeds', values.seeds);
  const seed = values.seed === undefined ? null : whole('--seed', values.seed);
  const turn = values.turn === undefined ? null : whole('--turn', values.turn);
  const onlyOne = seed !== null && seeds === null && minutes === null;
  return {
    firstSeed: seed ?? randomSeed(),
    seeds: seeds ?? (onlyOne ? 1 : Number.POSITIVE_INFINITY),
    minutes: minutes ?? (seed === null && seeds === null ? 1 : Number.POSITIVE_INFINITY),
    turn,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${name} must be a number above 0, not "${text}"`);
  return value;
}

function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return value;
}
