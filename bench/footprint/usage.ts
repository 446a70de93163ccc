import { setTimeout as sleep } from 'node:timers/promises';
import { type TreeUsage, treeUsage } from '../../testing/process-tree.ts';

/** What processes use, over some time. */
export interface Usage {
  /** Percent of one core. */
  cpu: number;
  /** At the end, in MiB; shared memory is divided between the processes that use it (PSS). */
  pssMiB: number;
}

/** Measures what processes and their descendants use in the next `seconds`. Linux only. */
export async function measureUsage(pids: readonly number[], seconds: number): Promise<Usage> {
  const before = all(pids);
  const started = performance.now();
  await sleep(seconds * 1_000);
  const after = all(pids);
  return {
    cpu: (100 * (after.cpuMs - before.cpuMs)) / (performance.now() - started),
    pssMiB: after.pssBytes / 1024 / 1024,
  };
}

function all(pids: readonly number[]): Pick<TreeUsage, 'cpuMs' | 'pssBytes'> {
  const usages = pids.map((pid) => treeUsage(pid));
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    pssBytes: usages.reduce((sum, { pssBytes }) => sum + pssBytes, 0),
  };
}
