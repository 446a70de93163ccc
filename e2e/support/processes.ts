import { readdirSync, readFileSync } from 'node:fs';

/** A running process, as Linux tells of it in /proc. */
export interface ProcessInfo {
  pid: number;
  parent: number;
  /** Its command line; Chromium's own processes say there what they are. */
  args: string[];
}

/** What Chromium's processes are started as, by the switches that say so. */
const CHROMIUM_PROCESSES = {
  renderer: ['--type=renderer'],
  graphics: ['--type=gpu-process'],
  network: ['--type=utility', '--utility-sub-type=network.mojom.NetworkService'],
  audio: ['--type=utility', '--utility-sub-type=audio.mojom.AudioService'],
} as const;
export type ChromiumProcess = keyof typeof CHROMIUM_PROCESSES;

/** A process and all that it started, itself first. One that has ended, waited for or not, is not among them. */
export function processTree(root: number): ProcessInfo[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Those of Chromium's processes below `root` that are of one kind. */
export function chromiumProcesses(root: number, kind: ChromiumProcess): ProcessInfo[] {
  return processTree(root).filter(({ args }) => CHROMIUM_PROCESSES[kind].every((arg) => args.includes(arg)));
}

/** Whether a process with this number still runs. */
export function isRunning(pid: number): boolean {
  return readProcess(pid).length > 0;
}

/** An array of one, or an empty one: a process may end while it is looked at. */
function readProcess(pid: number): ProcessInfo[] {
  try {
    // `pid (name) state parent …`; the name may hold blanks and brackets.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (state === 'Z' || state === 'X') return [];
    return [{ pid, parent: Number(parent), args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/) }];
  } catch {
    return [];
  }
}
