import { readdirSync, readFileSync } from 'node:fs';

/** A running process, read from /proc. */
interface ProcessInfo {
  pid: number;
  args: string[];
  /** The fields of /proc/<pid>/status. */
  status: Record<string, string>;
}

/** A process and its descendants that are still running. */
export function processesBelow(pid: number): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const below = (parent: number): ProcessInfo[] =>
    all.filter(({ status }) => status.PPid === String(parent)).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter((one) => one.pid === pid), ...below(pid)];
}

/** An empty array if the process has ended. */
function readProcess(pid: number): ProcessInfo[] {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
    const status = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
    return [{ pid, args, status }];
  } catch {
    return [];
  }
}
