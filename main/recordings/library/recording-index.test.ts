import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { Disk } from '../disk.ts';
import { CHECK_EVERY_MS } from './library.ts';
import { MAX_PAGE_BYTES } from './recording-index.ts';

let rig: LibraryRig;
beforeEach(async () => {
  rig = await openLibraryRig();
});
afterEach(() => rig.close());

const ids = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => idAt(from < to ? from + i : from - i).id);
const changedIds = () => rig.changed.mock.calls.map(([{ id }]) => id);

/** Sets the folder's time of change into the past, as if nothing had happened for a minute. */
async function age(): Promise<void> {
  const before = new Date(Date.now() - 60_000);
  await fs.utimes(rig.dir, before, before);
}

describe('pages', () => {
  test('hold the newest recordings first, and follow each other without a gap', async () => {
    for (let i = 0; i < 10; i++) await rig.write(i);
    const first = await rig.recordings.page({ limit: 4 });
    expect(first.recordings.map(({ id }) => id)).toEqual(ids(9, 6));
    const second = await rig.recordings.page({ limit: 4, after: first.next ?? '' });
    expect(second.recordings.map(({ id }) => id)).toEqual(ids(5, 2));
    const third = await rig.recordings.page({ limit: 4, after: second.next ?? '' });
    expect(third).toMatchObject({ recordings: [{ id: idAt(1).id }, { id: idAt(0).id }], next: null, total: 10 });
  });

  test('of an empty or a missing folder are empty', async () => {
    expect(await rig.recordings.page({ limit: 5 })).toEqual({ recordings: [], next: null, total: 0 });
    await fs.rm(rig.dir, { recursive: true });
    expect(await rig.recordings.page({ limit: 5 })).toEqual({ recordings: [], next: null, total: 0 });
  });

  test('property: pages of any size have every recording once, in order, while others are deleted and added', async () => {
    for (let i = 0; i < 100; i++) await rig.write(i);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (limit, cold) => {
        const recordings = cold ? rig.open() : rig.recordings;
        expect(await rig.list(limit, recordings)).toEqual(ids(99, 0));
      }),
      { numRuns: 10 },
    );
    const first = await rig.recordings.page({ limit: 10 });
    await rig.recordings.delete([idAt(90).id, idAt(50).id]);
    await rig.write(100);
    const rest = await rig.recordings.page({ limit: 500, after: first.next ?? '' });
    expect(rest.recordings.map(({ id }) => id)).toEqual(ids(89, 0).filter((id) => id !== idAt(50).id));
  });

  test('a cursor that was never issued is a position like any other', async () => {
    for (let i = 0; i < 3; i++) await rig.write(i);
    const idsAfter = (cursor: string) =>
      rig.recordings.page({ limit: 9, after: cursor }).then((page) => page.recordings.map(({ id }) => id));
    expect(await idsAfter(`x ${idAt(1).started_at}`)).toEqual(ids(1, 0));
    for (const cursor of ['', ' ', 'x', '\0']) expect(await idsAfter(cursor)).toBeInstanceOf(Array);
  });

  test('are limited in bytes, but hold at least one recording', async () => {
    const long = Array.from({ length: 8_000 }, (_, i) => ({ at_s: i / 1e5, seconds: 1e-6 }));
    for (let i = 0; i < 3; i++) await rig.write(i, { gaps: long });
    expect((await fs.stat(rig.json(idAt(0).id))).size).toBeGreaterThan(MAX_PAGE_BYTES);
    const page = await rig.recordings.page({ limit: 3 });
    expect(page.recordings.map(({ id }) => id)).toEqual(ids(2, 2));
    expect(await rig.list(3)).toEqual(ids(2, 0));
  });

  test('sort a recording by ordered_at, also when it is found after its page was returned', async () => {
    for (let i = 1; i < 100; i++) await rig.write(i);
    // The clock was set back: by its name it is the oldest.
    await rig.write(0, { ordered_at: idAt(1_000).started_at });
    const first = await rig.recordings.page({ limit: 5 });
    expect(first.total).toBe(100);
    const all = await rig.list();
    expect(all).toEqual([idAt(0).id, ...ids(99, 1)]);
    if (first.recordings[0]?.id !== idAt(0).id) expect(changedIds()).toContain(idAt(0).id);
  });

  test('the first page does not wait for the whole folder', async () => {
    for (let i = 0; i < 200; i++) await rig.write(i);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const old = new Set(ids(0, 50).map(rig.json));
    const disk: Disk = {
      ...defaultDisk,
      readFile: async (path, encoding) => {
        if (old.has(path)) await held;
        return defaultDisk.readFile(path, encoding);
      },
    };
    const slow = rig.open({ disk });
    const page = await slow.page({ limit: 50 });
    expect(page.recordings.map(({ id }) => id)).toEqual(ids(199, 150));
    expect(page).toMatchObject({ total: 200, next: expect.any(String) });
    const rest = slow.page({ limit: 500, after: page.next ?? '' });
    release();
    expect((await rest).recordings.map(({ id }) => id)).toEqual(ids(149, 0));
    expect(rig.changed).not.toHaveBeenCalled();
  });
});

describe('the index is kept true', () => {
  test('by what this host saves: the next page has it, and every window is told', async () => {
    await rig.write(1);
    await rig.recordings.page({ limit: 5 });
    const saved = await rig.record(2);
    await vi.waitFor(() => expect(changedIds()).toContain(saved?.id));
    await age();
    expect(await rig.list()).toEqual(ids(2, 1));
  });

  test('by files that another program adds, and by those that it removes', async () => {
    for (let i = 0; i < 3; i++) await rig.write(i);
    await rig.recordings.page({ limit: 5 });
    await rig.write(3);
    await fs.rm(rig.wav(idAt(1).id));
    await fs.rm(rig.json(idAt(0).id));
    expect(await rig.list()).toEqual(ids(3, 2));
    expect(changedIds()).toEqual([idAt(3).id]);
    expect(rig.removed.mock.calls).toEqual([[{ ids: ids(1, 0), why: 'missing' }]]);
  });

  test('while a window shows the list, the folder is checked every ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const recordings = rig.open();
      await recordings.page({ limit: 5 });
      await rig.write(1);
      expect(rig.changed).not.toHaveBeenCalled();
      vi.advanceTimersByTime(CHECK_EVERY_MS);
      await vi.waitFor(() => expect(changedIds()).toEqual([idAt(1).id]));
      await recordings.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an unchanged folder is not read again', async () => {
    const readdir = vi.fn(defaultDisk.readdir);
    const readFile = vi.fn(defaultDisk.readFile);
    for (let i = 0; i < 3; i++) await rig.write(i);
    await age();
    const recordings = rig.open({ disk: { ...defaultDisk, readdir, readFile } });
    for (let i = 0; i < 3; i++) await recordings.page({ limit: 5 });
    expect([readdir.mock.calls.length, readFile.mock.calls.length]).toEqual([1, 3]);
  });

  test('a title that another host writes is in the complete list', async () => {
    const id = await rig.write(1);
    await rig.recordings.page({ limit: 5 });
    await rig.open().describe({ id, title: 'Elsewhere' });
    expect(await rig.recordings.list()).toMatchObject([{ id, title: 'Elsewhere' }]);
  });

  test('a recording in progress is listed with its current length, and marked', async () => {
    const startedAt = new Date(idAt(5).started_at);
    const recording = rig.recordings.begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt });
    for (let i = 0; i < 30; i++) recording.write(new Uint8Array(640).fill(1));
    const listed = async () => (await rig.recordings.page({ limit: 1 })).recordings;
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ being_written: true, duration_s: 0.5 }]));
    for (let i = 0; i < 50; i++) recording.write(new Uint8Array(640).fill(1));
    await vi.waitFor(async () => expect((await listed())[0]?.duration_s).toBeGreaterThan(1));
    await recording.finish();
    expect(await listed()).toMatchObject([{ complete: true, duration_s: 1.6 }]);
    expect((await listed())[0]).not.toHaveProperty('being_written');
  });
});

describe('bad input', () => {
  test('a damaged JSON, an empty one and one without a WAV are left out, and nothing is changed', async () => {
    await rig.write(1);
    await rig.write(2);
    await rig.write(3);
    await fs.writeFile(rig.json(idAt(2).id), '{"id":');
    await fs.writeFile(rig.json(idAt(3).id), '');
    await fs.writeFile(rig.json(idAt(4).id), '{}');
    const before = await rig.names();
    expect(await rig.list()).toEqual([idAt(1).id]);
    expect(await rig.names()).toEqual(before);
  });

  test('a title that is too long or no text does not hide the recording', async () => {
    await rig.write(1, { title: 'x'.repeat(301) });
    await rig.write(2, { note: 7 as unknown as string });
    const { recordings } = await rig.recordings.page({ limit: 5 });
    expect(recordings.map(({ title, note }) => [title?.length, note])).toEqual([
      [undefined, undefined],
      [300, undefined],
    ]);
  });

  test('a folder that can’t be read fails with a sentence, and the next call tries again', async () => {
    await rig.write(1);
    let broken = true;
    const disk: Disk = {
      ...defaultDisk,
      readdir: async (path) => {
        if (broken && path === rig.dir) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        return defaultDisk.readdir(path);
      },
    };
    const recordings = rig.open({ disk });
    await expect(recordings.page({ limit: 5 })).rejects.toMatchObject({
      code: 'recordings_unreadable',
      message: expect.stringMatching(/can't be read\. Check its permissions\.$/),
    });
    broken = false;
    expect(await rig.list(5, recordings)).toEqual([idAt(1).id]);
  });

  test('names that are no recordings are ignored: folders, other files, ids with dots', async () => {
    await rig.write(1);
    await fs.mkdir(join(rig.dir, 'deleted'));
    for (const name of ['notes.txt', 'a.json', 'a.wav', '..json', `${idAt(2).id}.x.json`, 'CON.json', 'CON.wav'])
      await fs.writeFile(join(rig.dir, name), '{}');
    expect(await rig.list()).toEqual([idAt(1).id]);
    expect(rig.problem).not.toHaveBeenCalled();
  });
});
