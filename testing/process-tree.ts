import { readdirSync, readFileSync } from 'node:fs';

/** Resource usage of a process and its descendants, read from `/proc` (proc(5)). Linux only. */
export interface TreeUsage {
  /** User and system CPU time in ms, with that of descendants that have exited. */
  cpuMs: number;
  /** Proportional set size in bytes: private memory plus each process's share of shared memory. */
  pssBytes: number;
  processes: number;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

/** Adds up the usage of a process and its descendants. A process that has just exited counts as 0. */
export function treeUsage(root: number): TreeUsage {
  const pids = descendants(root);
  const usages = pids.map((pid) => ({ cpuMs: cpuMs(pid), pssBytes: pssBytes(pid) }));
  return {
    cpuMs: usages.reduce((sum, usage) => sum + usage.cpuMs, 0),
    pssBytes: usages.reduce((sum, usage) => sum + usage.pssBytes, 0),
    processes: pids.length,
  };
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(statFields(Number(name))[1]) : Number.NaN;
    if (!Number.isNaN(parent)) parents.set(Number(name), parent);
  }
  const found = [root];
  // `found` grows during the loop.
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

function cpuMs(pid: number): number {
  const fields = statFields(pid);
  // The last two are those of children that have exited and were waited for.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return fields.length < 15 || Number.isNaN(ticks) ? 0 : (ticks * 1000) / TICKS_PER_SECOND;
}

/** The fields of `/proc/<pid>/stat` from the third (the state). The second, the name, may contain spaces. */
function statFields(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function pssBytes(pid: number): number {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kib ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
