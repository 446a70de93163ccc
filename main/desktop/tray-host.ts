import { execFile } from 'node:child_process';

/** Longest wait (ms) for the session bus. */
const TIMEOUT_MS = 3_000;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';

/** What asks the session bus whether somebody owns a name; each desktop has one of them. */
const QUESTIONS: readonly [program: string, ...args: string[]][] = [
  ['gdbus', 'call', '--session', '--dest', BUS, '--object-path', '/', '--method', `${BUS}.NameHasOwner`, WATCHER],
  ['busctl', '--user', 'call', BUS, '/', BUS, 'NameHasOwner', 's', WATCHER],
  ['dbus-send', '--session', '--print-reply', `--dest=${BUS}`, '/', `${BUS}.NameHasOwner`, `string:${WATCHER}`],
];

/** Runs a program; resolves with its output, or null where it is not there or fails. */
export type Run = (program: string, args: readonly string[]) => Promise<string | null>;

/**
 * Whether this Linux desktop has a tray by the StatusNotifierItem specification (freedesktop.org). Electron shows its icon
 * there, or in a tray of the older kind (XEmbed), and tells neither.
 * @returns null where that can't be found out
 */
export async function hasStatusNotifier(run: Run = runProgram): Promise<boolean | null> {
  for (const [program, ...args] of QUESTIONS) {
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
