import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { Disk } from './disk.ts';
import { DISK_TIMEOUT_MS, type DiskWithTimeout, withDiskTimeout } from './disk-with-timeout.ts';

/** A disk whose operations on a path end when the test says so. */
class SlowDisk extends MemoryDisk {
  readonly stuck = new Map<string, () => void>();
  asked = 0;

  override async readFile(path: string): Promise<string> {
    this.asked++;
    if (path.includes('stuck')) await new Promise<void>((resolve) => this.stuck.set(path, resolve));
    return path;
  }
}

let slow: SlowDisk;
let disk: DiskWithTimeout;
beforeEach(() => {
  vi.useFakeTimers();
  slow = new SlowDisk();
  disk = withDiskTimeout(slow);
});
afterEach(() => vi.useRealTimers());

const read = (path: string) => disk.readFile(path, 'utf8').catch((error) => error.code);

test('H71 an operation that never ends does not affect other operations', async () => {
  const stuck = read('/stuck');
  const others = Array.from({ length: 50 }, (_, i) => read(`/${i}`));
  expect(await Promise.all(others)).toHaveLength(50);
  await vi.advanceTimersByTimeAsync(DISK_TIMEOUT_MS);
  expect(await stuck).toBe('ETIMEDOUT');
  expect(await read('/after')).toBe('/after');
});

test('H71 uses at most two threads while the disk does not answer, and fails further operations immediately', async () => {
  const all = Array.from({ length: 50 }, (_, i) => read(`/stuck-${i}`));
  await vi.advanceTimersByTimeAsync(DISK_TIMEOUT_MS);
  expect(new Set(await Promise.all(all))).toEqual(new Set(['ETIMEDOUT']));
  expect(slow.asked).toBe(2);
  expect(await read('/after')).toBe('ETIMEDOUT');
  expect(slow.asked).toBe(2);
  for (const answer of slow.stuck.values()) answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(await read('/after')).toBe('/after');
});

test('H71 an operation that waits for slow operations does not fail if they end', async () => {
  const first = [read('/stuck-a'), read('/stuck-b')];
  const last = read('/last');
  await vi.advanceTimersByTimeAsync(DISK_TIMEOUT_MS - 1);
  for (const answer of slow.stuck.values()) answer();
  expect(await Promise.all([...first, last])).toEqual(['/stuck-a', '/stuck-b', '/last']);
});

test('H71 closes a file that was opened too late, and later closes a file that was not closed in time', async () => {
  const closed = vi.fn(async () => undefined);
  let open: () => void = () => undefined;
  const late = withDiskTimeout({
    ...slow,
    open: () =>
      new Promise((resolve) => {
        open = () => resolve({ close: closed } as never);
      }),
  } as unknown as Disk);
  const opening = late.open('/a', 'r').catch((error) => error.code);
  await vi.advanceTimersByTimeAsync(DISK_TIMEOUT_MS);
  expect(await opening).toBe('ETIMEDOUT');
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect(closed).toHaveBeenCalledTimes(1);

  slow.files.set('/b', new Uint8Array(4));
  const file = await disk.open('/b', 'r');
  const stuck = [read('/stuck-a'), read('/stuck-b')];
  await vi.advanceTimersByTimeAsync(DISK_TIMEOUT_MS);
  await Promise.all(stuck);
  await expect(file.close()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  for (const answer of slow.stuck.values()) answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(await read('/after')).toBe('/after');
});

test('work in the background waits for all other work', async () => {
  const ended: string[] = [];
  const note = (path: string) => ended.push(path);
  const busy = [read('/stuck-a'), read('/stuck-b')];
  const background = ['/1', '/2'].map((path) => disk.background.readFile(path, 'utf8').then(note));
  const urgent = ['/3', '/4'].map((path) => disk.readFile(path, 'utf8').then(note));
  for (const answer of slow.stuck.values()) answer();
  await Promise.all([...busy, ...background, ...urgent]);
  expect(ended).toEqual(['/3', '/4', '/1', '/2']);
});
