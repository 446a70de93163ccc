import { readdirSync, readFileSync } from 'node:fs';

/** A running process, read from /proc. */
export interface ProcessInfo {
  pid: number;
  parent: number;
  /** The command line. That of a Chromium process contains its type. */
  args: string[];
}

/** The switches with which Chromium starts its processes. */
const CHROMIUM_PROCESSES = {
  renderer: ['--type=renderer'],
  graphics: ['--type=gpu-process'],
  network: ['--type=utility', '--utility-sub-type=network.mojom.NetworkService'],
  audio: ['--type=utility', '--utility-sub-type=audio.mojom.AudioService'],
} as const;
export type ChromiumProcess = keyof typeof CHROMIUM_PROCESSES;

/** Lists a process, first, and its descendants. Omits processes that have ended, including zombies. */
export function processTree(root: number): ProcessInfo[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Chromium's processes of one kind below `root`. */
export function chromiumProcesses(root: number, kind: ChromiumProcess): ProcessInfo[] {
  return processTree(root).filter(({ args }) => CHROMIUM_PROCESSES[kind].every((arg) => args.includes(arg)));
}

/** Whether a process with this id is running. */
export function isRunning(pid: number): boolean {
  return readProcess(pid).length > 0;
}

/** The fields of /proc/<pid>/status; none if the process has ended. */
export function processStatus(pid: number): Record<string, string> {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  } catch {
    return {};
  }
}

/** An array of one process, or an empty one if the process has ended. */
function readProcess(pid: number): ProcessInfo[] {
  try {
    // `pid (name) state parent …`; the name may contain spaces and brackets.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (state === 'Z' || state === 'X') return [];
    return [{ pid, parent: Number(parent), args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/) }];
  } catch {
    return [];
  }
}
