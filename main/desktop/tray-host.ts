import { execFile } from 'node:child_process';

/** Limit for an answer from the session bus (ms). */
const TIMEOUT_MS = 3_000;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';

/** Commands that ask the session bus whether a name has an owner; every desktop has at least one of them. */
const COMMANDS: readonly [program: string, ...args: string[]][] = [
  ['gdbus', 'call', '--session', '--dest', BUS, '--object-path', '/', '--method', `${BUS}.NameHasOwner`, WATCHER],
  ['busctl', '--user', 'call', BUS, '/', BUS, 'NameHasOwner', 's', WATCHER],
  ['dbus-send', '--session', '--print-reply', `--dest=${BUS}`, '/', `${BUS}.NameHasOwner`, `string:${WATCHER}`],
];

/** Runs a program. Resolves with its output, or null if it is missing or fails. */
export type Run = (program: string, args: readonly string[]) => Promise<string | null>;

/**
 * Whether this Linux desktop has a tray that supports StatusNotifierItem (freedesktop.org). Electron shows its icon
 * there or in an XEmbed tray, and does not report whether either exists.
 * @returns null if unknown
 */
export async function hasStatusNotifier(run: Run = runProgram): Promise<boolean | null> {
  for (const [program, ...args] of COMMANDS) {
    const answer = /\b(true|false)\b/.exec((await run(program, args)) ?? '');
    if (answer) return answer[1] === 'true';
  }
  return null;
}

const runProgram: Run = (program, args) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS, encoding: 'utf8' }, (error, output) =>
      resolve(error ? null : output),
    );
  });
