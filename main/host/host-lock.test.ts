import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireHostLock, type HostLock } from './host-lock.ts';

let dir: string;
const locks: HostLock[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'earshot-lock-'));
});
afterEach(async () => {
  await Promise.all(locks.splice(0).map((lock) => lock.release()));
  await rm(dir, { recursive: true, force: true });
});

async function hold(isAlive?: (pid: number) => boolean): Promise<HostLock> {
  const lock = await acquireHostLock(dir, isAlive);
  locks.push(lock);
  return lock;
}
const files = async () => (await readdir(dir)).sort();
const OTHER = '4194303-0123456789ab';
const leave = (launch: string) => writeFile(join(dir, `host-${launch}.lock`), '');

describe('acquireHostLock', () => {
  test('keeps one file while the host runs and removes it on release', async () => {
    const lock = await hold();
    expect(await files()).toEqual([`host-${lock.current}.lock`]);
    expect(await lock.isRunning(lock.current)).toBe(true);
    expect(await lock.othersRunning()).toBe(false);
    await lock.release();
    await lock.release();
    expect(await files()).toEqual([]);
  });

  test('two hosts of the same process see each other start and stop', async () => {
    const [one, two] = [await hold(), await hold()];
    expect(await one.isRunning(two.current)).toBe(true);
    expect(await one.othersRunning()).toBe(true);
    await two.release();
    expect(await one.isRunning(two.current)).toBe(false);
    expect(await one.othersRunning()).toBe(false);
  });

  test('keeps the lock of another live process, which counts as running until its file is gone', async () => {
    await leave(OTHER);
    const lock = await hold((pid) => pid === 4194303);
    expect(await lock.isRunning(OTHER)).toBe(true);
    expect(await lock.othersRunning()).toBe(true);
    await rm(join(dir, `host-${OTHER}.lock`));
    expect(await lock.isRunning(OTHER)).toBe(false);
  });

  test('removes the lock of a dead process at the next start', async () => {
    const child = spawn(process.execPath, ['--eval', '']);
    await once(child, 'exit');
    const gone = `${child.pid}-0123456789ab`;
    await leave(gone);
    const lock = await hold();
    expect(await lock.isRunning(gone)).toBe(false);
    expect(await files()).toEqual([`host-${lock.current}.lock`]);
  });

  test('does not count a process that has died since, although its file exists', async () => {
    let alive = true;
    await leave(OTHER);
    const lock = await hold(() => alive);
    alive = false;
    expect(await lock.isRunning(OTHER)).toBe(false);
    expect(await lock.othersRunning()).toBe(false);
  });

  test('treats the lock of an earlier process with the same pid as stale, as in a container that reuses pids', async () => {
    const former = `${process.pid}-0123456789ab`;
    await leave(former);
    const lock = await hold();
    expect(await lock.isRunning(former)).toBe(false);
    expect(await files()).toEqual([`host-${lock.current}.lock`]);
  });

  test('counts the process of another user as alive', async () => {
    const lock = await hold();
    // Pid 1 exists on every POSIX system, whether this user may signal it or not (EPERM).
    if (process.platform !== 'win32') {
      await leave('1-0123456789ab');
      expect(await lock.isRunning('1-0123456789ab')).toBe(true);
    }
    expect(await lock.isRunning(lock.current)).toBe(true);
  });

  test.each(['', '..', '../../etc/passwd', '0-0123456789ab', '-1-0123456789ab', '12-0123', 'x'])(
    'a launch named %j is not running, and a file with that name is not removed',
    async (launch) => {
      if (!launch.includes('/')) await leave(launch);
      const before = await files();
      const lock = await hold(() => true);
      expect(await lock.isRunning(launch)).toBe(false);
      expect(await lock.othersRunning()).toBe(false);
      await lock.release();
      expect(await files()).toEqual(before);
    },
  );

  test('property: a launch with any name runs only if its file exists, and nothing is thrown', async () => {
    const lock = await hold(() => true);
    const present = new Set([lock.current, OTHER]);
    await leave(OTHER);
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...present),
      fc.tuple(fc.integer(), fc.stringMatching(/^[0-9a-f]{10,14}$/)).map((parts) => parts.join('-')),
      fc.array(fc.constantFrom('..', '/', OTHER, '\0', '.lock'), { maxLength: 4 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(name, async (launch) => {
        expect(await lock.isRunning(launch)).toBe(present.has(launch));
      }),
      { numRuns: 100 },
    );
  });

  test('rejects if the file cannot be written, and holds no lock', async () => {
    await expect(acquireHostLock(join(dir, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
