import { parseArgs } from 'node:util';

export interface SoakOptions {
  firstSeed: number;
  /** Most rounds, each with the next seed; Infinity: as many as the time allows. */
  seeds: number;
  /** Infinity: as long as the rounds take. */
  minutes: number;
  /** The seed of one turn to run alone, instead of rounds; null: none. */
  turn: number | null;
}

export const SOAK_USAGE = `npm run soak -- [--minutes N] [--seed S] [--seeds N] [--turn S]
  --minutes N  begins no turn after so many minutes
  --seed S     the seed of the first round; alone: this one round, again
  --seeds N    so many rounds, with the seeds S, S+1, …
  --turn S     one minute of speech that is cut twenty times, alone, as the unit tests do it
  without any: one minute, from a seed that is told`;

/**
 * Reads the command line of a soak.
 * @param randomSeed the first seed where none is given
 * @throws {Error} with a sentence for whoever typed it
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
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${name} wants a number above 0, not "${text}"`);
  return value;
}

function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} wants a whole number, not "${text}"`);
  return value;
}
