import { randomBytes } from 'node:crypto';
import { access, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE_MODE = 0o600;
/** A launch is called `<pid>-<12 hex digits>`. */
const LAUNCH = /^([1-9]\d{0,9})-[0-9a-f]{12}$/;
const LOCK = /^host-(.+)\.lock$/;

/** The launches that this very process holds: an older one with the same pid is gone, and its pid given out again. */
const held = new Set<string>();

/** One launch of the host on a data folder, told from all others, also from those of other processes. */
export interface HostLock {
  /** The name of this launch. */
  readonly mine: string;
  /** Whether that launch still uses the folder. */
  isRunning(launch: string): Promise<boolean>;
  /** Whether any other than this one uses the folder. */
  othersRunning(): Promise<boolean>;
  /** This launch is over. Never rejects; safe to call twice. */
  release(): Promise<void>;
}

/**
 * Leaves `host-<launch>.lock` in the folder for as long as the host runs, and removes those of hosts that are gone.
 *
 * A lock shuts nobody out: hosts may share a folder. It only tells a recording that is being written from one whose writer
 * died. A host counts as running while its file is there and its pid is alive. Nothing has to be renewed, so no clock
 * step, sleep or stall can make a host look dead. A pid that some other program has by now makes it look alive: then its
 * recordings wait, playable, for a later start.
 * @param isAlive whether a process with this pid exists
 * @throws the system's error when the folder can't be written
 */
export async function acquireHostLock(dir: string, isAlive = processIsAlive): Promise<HostLock> {
  const mine = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const pathOf = (launch: string) => join(dir, `host-${launch}.lock`);
  const lives = (launch: string, pid: number) => (pid === process.pid ? held.has(launch) : isAlive(pid));

  /** The launches that run, this one among them. */
  async function running(): Promise<string[]> {
    return (await launches()).filter(([launch, pid]) => lives(launch, pid)).map(([launch]) => launch);
  }

  async function launches(): Promise<[launch: string, pid: number][]> {
    const found = (await readdir(dir)).map((name) => LOCK.exec(name)?.[1] ?? '');
    return found.flatMap((launch) => {
      const pid = LAUNCH.exec(launch)?.[1];
      return pid === undefined ? [] : [[launch, Number(pid)]];
    });
  }

  held.add(mine);
  try {
    await writeFile(pathOf(mine), '', { mode: FILE_MODE, flag: 'wx' });
    for (const [launch, pid] of await launches()) {
      // Another user's may stay: what counts is the pid.
      if (!lives(launch, pid)) await rm(pathOf(launch), { force: true }).catch(() => undefined);
    }
  } catch (error) {
    held.delete(mine);
    throw error;
  }

  return {
    mine,
    async isRunning(launch) {
      const pid = LAUNCH.exec(launch)?.[1];
      if (pid === undefined || !lives(launch, Number(pid))) return false;
      return access(pathOf(launch)).then(
        () => true,
        () => false,
      );
    },
    othersRunning: async () => (await running()).some((launch) => launch !== mine),
    async release() {
      held.delete(mine);
      await rm(pathOf(mine), { force: true }).catch(() => undefined);
    },
  };
}

/** Signal 0 is only a question. EPERM: it is there, and another user's. */
function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && (error as { code?: unknown }).code === 'EPERM';
  }
}
