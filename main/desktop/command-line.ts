import { text } from '../text/text.ts';

/** What another program can ask of the running Earshot. */
export const APP_COMMANDS = ['toggle', 'start', 'stop', 'cancel', 'status', 'show'] as const;
export type AppCommand = (typeof APP_COMMANDS)[number];

/** Commands that start Earshot if it does not run. The others have nothing to act on then. */
export const STARTING_COMMANDS: ReadonlySet<AppCommand> = new Set(['toggle', 'start', 'show']);

/** Exit codes of a start with an option. */
export const EXIT_CODES = {
  done: 0,
  /** The running Earshot refused the command, or did not answer. */
  failed: 1,
  wrongArguments: 2,
  notRunning: 3,
} as const;

/** What a start has to do, by its arguments. */
export type CommandLine =
  /** Run the app, or hand the command to the running one. `json`: print the status as JSON. */
  | { run: 'app'; command: AppCommand | null; json: boolean }
  | { run: 'help' }
  | { run: 'version' }
  /** One line that says what is wrong with the arguments. */
  | { run: 'error'; message: string };

const OPTIONS: readonly string[] = [...APP_COMMANDS, 'json', 'help', 'version'];

/**
 * Parses the arguments of a start. Arguments that are not Earshot's own are ignored, because Chromium has hundreds of
 * switches and desktops append files and session ids. Exceptions, which are errors: misspelled options, and words
 * beside a command. Pure.
 * @param args the arguments without the program, and from source also without the app's folder
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const found = new Set<string>();
  const words: string[] = [];
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, name = '', value] = /^--([^=]*)(=.*)?$/s.exec(arg) ?? [];
    if (OPTIONS.includes(name)) {
      if (value !== undefined) return error(text.commandLine.noValue({ option: `--${name}` }));
      found.add(name);
      continue;
    }
    const meant = misspelled(arg);
    if (meant !== null) return error(text.commandLine.unknown({ argument: arg, meant: `--${meant}` }));
    if (!arg.startsWith('-')) words.push(arg);
  }
  if (found.has('help')) return { run: 'help' };
  if (found.has('version')) return { run: 'version' };
  const commands = APP_COMMANDS.filter((command) => found.has(command));
  const [command = null] = commands;
  if (commands.length > 1) return error(text.commandLine.several({ options: commands.map((name) => `--${name}`) }));
  if (found.has('json') && command !== 'status') return error(text.commandLine.jsonAlone);
  const [word] = words;
  if (command !== null && word !== undefined)
    return error(text.commandLine.word({ argument: word, option: `--${command}` }));
  return { run: 'app', command, json: found.has('json') };
}

/**
 * The app's own arguments among those of its process. From source, Electron gets the app's folder as its first argument
 * that is not a switch; what stands before it is for Electron itself. Pure.
 * @param argv of the process, with the program
 */
export function ownArguments(argv: readonly string[], { fromSource }: { fromSource: boolean }): string[] {
  const args = argv.slice(1);
  if (!fromSource) return args;
  // `-r <module>` is the only switch of Electron whose value is an argument of its own.
  const folder = args.findIndex((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-r');
  return folder < 0 ? [] : args.slice(folder + 1);
}

function error(message: string): CommandLine {
  return { run: 'error', message };
}

/** @returns the option that an argument without a value is meant to be; null: it is not like any of them */
function misspelled(arg: string): string | null {
  const name = arg.toLowerCase().replace(/^-{1,2}/, '');
  if (arg.startsWith('-')) {
    // In short names one wrong letter is enough to be another word.
    const near = OPTIONS.find((option) => distance(name, option) <= (option.length < 6 ? 1 : 2));
    return near ?? null;
  }
  return OPTIONS.includes(name) ? name : null;
}

/** The number of letters to add, remove, replace or swap with the next one (optimal string alignment). */
function distance(from: string, to: string): number {
  // Longer arguments are no misspelling of these options, and would cost time.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwapped) least = Math.min(least, at(i - 2, j - 2) + 1);
      row.push(least);
    }
  }
  return at(from.length, to.length);
}
