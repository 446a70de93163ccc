import { randomBytes } from 'node:crypto';
import { access, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE_MODE = 0o600;
/** A launch's name: `<pid>-<12 hex digits>`. */
const LAUNCH = /^([1-9]\d{0,9})-[0-9a-f]{12}$/;
const LOCK = /^host-(.+)\.lock$/;

/** Launches of this process. Any other launch with this process's pid is stale: the system has reused its pid. */
const ownLaunches = new Set<string>();

/** Identifies one launch of the host on a data folder, across all processes. */
export interface HostLock {
  /** The name of this launch. */
  readonly current: string;
  /** Whether that launch still uses the folder. */
  isRunning(launch: string): Promise<boolean>;
  /** Whether any other launch uses the folder. */
  othersRunning(): Promise<boolean>;
  /** Ends this launch. Never rejects; safe to call twice. */
  release(): Promise<void>;
}

/**
 * Keeps `host-<launch>.lock` in the folder while the host runs, and removes the files of hosts that are gone.
 *
 * The lock is not exclusive: several hosts may share a folder. It distinguishes recordings that are being written from
 * recordings whose writer died. A host counts as running while its file exists and its pid is alive. Nothing is
 * renewed, so a clock change, sleep or stall can't make a running host look dead. If another program has reused the
 * pid, a dead host looks alive; its recordings stay playable and are repaired at a later start.
 * @param isAlive whether a process with this pid exists
 * @throws the system's error if the folder can't be written
 */
export async function acquireHostLock(dir: string, isAlive = processIsAlive): Promise<HostLock> {
  const current = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const pathOf = (launch: string) => join(dir, `host-${launch}.lock`);
  const isLive = (launch: string, pid: number) => (pid === process.pid ? ownLaunches.has(launch) : isAlive(pid));

  /** All running launches, including this one. */
  async function running(): Promise<string[]> {
    return (await launches()).filter(([launch, pid]) => isLive(launch, pid)).map(([launch]) => launch);
  }

  async function launches(): Promise<[launch: string, pid: number][]> {
    const found = (await readdir(dir)).map((name) => LOCK.exec(name)?.[1] ?? '');
    return found.flatMap((launch) => {
      const pid = LAUNCH.exec(launch)?.[1];
      return pid === undefined ? [] : [[launch, Number(pid)]];
    });
  }

  ownLaunches.add(current);
  try {
    await writeFile(pathOf(current), '', { mode: FILE_MODE, flag: 'wx' });
    for (const [launch, pid] of await launches()) {
      // A file of another user may be impossible to remove. That is harmless: the pid decides.
      if (!isLive(launch, pid)) await rm(pathOf(launch), { force: true }).catch(() => undefined);
    }
  } catch (error) {
    ownLaunches.delete(current);
    throw error;
  }

  return {
    current,
    async isRunning(launch) {
      const pid = LAUNCH.exec(launch)?.[1];
      if (pid === undefined || !isLive(launch, Number(pid))) return false;
      return access(pathOf(launch)).then(
        () => true,
        () => false,
      );
    },
    othersRunning: async () => (await running()).some((launch) => launch !== current),
    async release() {
      ownLaunches.delete(current);
      await rm(pathOf(current), { force: true }).catch(() => undefined);
    },
  };
}

/** Signal 0 only tests for existence. EPERM: the process exists and belongs to another user. */
function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && (error as { code?: unknown }).code === 'EPERM';
  }
}
