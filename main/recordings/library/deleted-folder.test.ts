import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UNDO_MS } from '../../../shared/recording-library.ts';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';

const launchOf = (current: string, running: string[] = []) => ({
  current,
  isRunning: async (launch: string) => running.includes(launch),
  othersRunning: async () => running.length > 0,
});
let rig: LibraryRig;
beforeEach(async () => {
  rig = await openLibraryRig({ launches: launchOf('launch-1') });
});
afterEach(async () => {
  vi.useRealTimers();
  await rig.close();
});

const serve = (url: string) => rig.recordings.serve({ method: 'GET', path: `/${url}` });

describe('deleting and restoring', () => {
  test('moves the files of several recordings away, and brings them back unchanged', async () => {
    const ids = [await rig.write(1, { title: 'One' }), await rig.write(2), await rig.write(3)] as const;
    const before = await fs.readFile(rig.wav(ids[0]));
    await rig.recordings.page({ limit: 5 });
    expect(await rig.recordings.delete([ids[0], ids[2], ids[0]])).toEqual({ done: [ids[0], ids[2]], failed: [] });
    expect(rig.removed.mock.calls).toEqual([[{ ids: [ids[0], ids[2]], why: 'deleted' }]]);
    expect(await rig.names()).toEqual([`${ids[1]}.json`, `${ids[1]}.wav`]);
    expect(await rig.list()).toEqual([ids[1]]);
    expect((await fs.stat(join(rig.dir, 'deleted'))).mode & 0o777).toBe(0o700);

    expect(await rig.recordings.restore([ids[2], ids[0]])).toEqual({ done: [ids[2], ids[0]], failed: [] });
    expect(rig.changed.mock.calls.map(([info]) => info.id)).toEqual([ids[2], ids[0]]);
    expect(await rig.list()).toEqual([ids[2], ids[1], ids[0]]);
    expect(await fs.readFile(rig.wav(ids[0]))).toEqual(before);
    expect(await rig.readJson(ids[0])).toMatchObject({ title: 'One' });
    expect(await rig.deletedNames()).toEqual([]);
  });

  test('the address of a deleted recording stops working, and works again once it is restored', async () => {
    const id = await rig.write(1);
    const url = await rig.recordings.urlOf(id);
    expect(await serve(url)).toMatchObject({ status: 200 });
    await rig.recordings.delete([id]);
    expect(await serve(url)).toMatchObject({ status: 404 });
    await expect(rig.recordings.urlOf(id)).rejects.toMatchObject({ code: 'no_such_recording' });
    await rig.recordings.restore([id]);
    expect(await serve(url)).toMatchObject({ status: 200 });
  });

  test('a response that is being sent ends early when its recording is deleted', async () => {
    const id = await rig.write(1, {}, new Int16Array(300_000).fill(1));
    const { body } = await serve(await rig.recordings.urlOf(id));
    await body?.next();
    await rig.recordings.delete([id]);
    await expect(body?.next()).rejects.toMatchObject({ code: 'no_such_recording' });
  });

  test('the copies that a repair made are deleted with the recording', async () => {
    const id = await rig.write(1);
    await fs.writeFile(`${rig.wav(id)}.before-repair`, 'what was said');
    await rig.recordings.delete([id]);
    expect(await rig.names()).toEqual([]);
    await rig.recordings.restore([id]);
    expect(await rig.names()).toEqual([`${id}.json`, `${id}.wav`, `${id}.wav.before-repair`]);
  });

  test('after ten minutes the files are removed for good, and other files in the folder are not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ids = [await rig.write(1), await rig.write(2)] as const;
    await rig.recordings.delete([ids[0]]);
    vi.advanceTimersByTime(UNDO_MS / 2);
    await rig.recordings.delete([ids[1]]);
    await fs.writeFile(join(rig.dir, 'deleted', 'mine.wav'), 'mine');
    await fs.writeFile(join(rig.dir, 'deleted', `${ids[0]}.wav`), 'mine');
    // A JSON that the user has put back alone is theirs.
    await fs.writeFile(rig.json(ids[0]), '{}');
    vi.advanceTimersByTime(UNDO_MS / 2);
    const others = () => rig.deletedNames().then((names) => names.filter((name) => !name.startsWith(ids[1])).sort());
    await vi.waitFor(async () => expect(await others()).toEqual([`${ids[0]}.wav`, 'mine.wav']));
    expect(await rig.recordings.restore([ids[0], ids[1]])).toMatchObject({
      done: [ids[1]],
      failed: [{ id: ids[0], code: 'not_restorable', message: expect.stringMatching(/kept for ten minutes/) }],
    });
    expect(await fs.readFile(rig.json(ids[0]), 'utf8')).toBe('{}');
  });

  test('the next start removes what earlier launches deleted, but not what a running one did', async () => {
    const ids = [await rig.write(1), await rig.write(2)] as const;
    await rig.recordings.delete([ids[0]]);
    await rig.open({ launches: launchOf('launch-2') }).delete([ids[1]]);
    const next = rig.open({ launches: launchOf('launch-3', ['launch-2']) });
    await next.repair();
    await vi.waitFor(async () => expect((await rig.deletedNames()).join()).not.toContain(ids[0]));
    // Any launch may undo the deletion of another.
    expect(await next.restore([ids[0], ids[1]])).toMatchObject({ done: [ids[1]], failed: [{ id: ids[0] }] });
  });

  test('a deletion that was interrupted by a crash is completed by the next start', async () => {
    const id = await rig.write(1);
    await fs.mkdir(join(rig.dir, 'deleted'), { mode: 0o700 });
    await fs.rename(rig.wav(id), join(rig.dir, 'deleted', `${id}.launch-0.1.wav`));
    await rig.recordings.repair();
    await vi.waitFor(async () => expect([await rig.names(), await rig.deletedNames()]).toEqual([[], []]));
  });

  test('deleting a name twice keeps both deletions apart; restoring brings back the latest', async () => {
    const id = await rig.write(1, { title: 'First' });
    await rig.recordings.delete([id]);
    await rig.write(1, { title: 'Second' });
    await rig.recordings.delete([id]);
    expect(await rig.deletedNames()).toHaveLength(4);
    await rig.recordings.restore([id]);
    expect(await rig.readJson(id)).toMatchObject({ title: 'Second' });
  });

  test('two hundred recordings are deleted and restored in one call', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, (_, i) => rig.write(i, {}, new Int16Array(2))));
    expect((await rig.recordings.delete(ids)).done).toHaveLength(200);
    expect(await rig.names()).toEqual([]);
    expect((await rig.recordings.restore(ids)).done).toHaveLength(200);
    expect(await rig.names()).toHaveLength(400);
  });
});

describe('a part of the recordings fails, each with its reason, and nothing is lost', () => {
  test('unknown ids and recordings that are being written', async () => {
    const good = await rig.write(1);
    const startedAt = new Date(idAt(2).started_at);
    const recording = rig.recordings.begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt });
    for (let i = 0; i < 30; i++) recording.write(new Uint8Array(640).fill(1));
    await expect.poll(() => rig.names()).toContain(`${idAt(2).id}.json`);
    expect(await rig.recordings.delete([idAt(9).id, idAt(2).id, good, '../x'])).toMatchObject({
      done: [good],
      failed: [
        { id: idAt(9).id, code: 'no_such_recording' },
        { id: idAt(2).id, code: 'recording_in_progress' },
        { id: '../x', code: 'no_such_recording' },
      ],
    });
    expect(await recording.finish()).toMatchObject({ complete: true });
    expect(await rig.list()).toEqual([idAt(2).id]);
  });

  test('a disk that refuses the second file: the first one is moved back', async () => {
    const id = await rig.write(1);
    const disk = {
      ...defaultDisk,
      rename: async (from: string, to: string) => {
        if (from === rig.json(id)) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        await defaultDisk.rename(from, to);
      },
    };
    expect(await rig.open({ disk }).delete([id])).toMatchObject({
      done: [],
      failed: [{ code: 'delete_failed', message: expect.stringMatching(/so the recording was not deleted\. Check/) }],
    });
    expect(await rig.names()).toEqual([`${id}.json`, `${id}.wav`]);
  });

  test('a recording of the same name that exists is not overwritten by restoring', async () => {
    const id = await rig.write(1, { title: 'Old' });
    await rig.recordings.delete([id]);
    await rig.write(1, { title: 'New' });
    expect(await rig.recordings.restore([id])).toMatchObject({ done: [], failed: [{ code: 'restore_conflict' }] });
    expect(await rig.readJson(id)).toMatchObject({ title: 'New' });
    await fs.rm(rig.wav(id));
    await fs.rm(rig.json(id));
    expect(await rig.recordings.restore([id])).toMatchObject({ done: [id] });
    expect(await rig.readJson(id)).toMatchObject({ title: 'Old' });
  });

  describe.skipIf(process.platform === 'win32')('links and FIFOs', () => {
    test('a folder of that name that is a link is not used', async () => {
      const id = await rig.write(1);
      const outside = join(rig.home, 'outside');
      await fs.mkdir(outside);
      await fs.writeFile(join(outside, `${id}.launch-0.1.wav`), 'mine');
      await fs.symlink(outside, join(rig.dir, 'deleted'));
      expect(await rig.recordings.delete([id])).toMatchObject({ failed: [{ code: 'folder_unsafe' }] });
      await rig.recordings.repair();
      await vi.waitFor(() => expect(rig.problem.mock.calls.map(([error]) => error.code)).toEqual(['folder_unsafe']));
      expect(await fs.readdir(outside)).toEqual([`${id}.launch-0.1.wav`]);
      expect(await rig.list()).toEqual([id]);
    });

    test('a WAV that is a link or a FIFO is not moved, and a JSON that is a link is refused', async () => {
      const [link, fifo, json] = [await rig.write(1), await rig.write(2), await rig.write(3)];
      for (const id of [link, fifo]) await fs.rm(rig.wav(id));
      await fs.symlink('/etc/hostname', rig.wav(link));
      execFileSync('mkfifo', [rig.wav(fifo)]);
      await fs.rm(rig.json(json));
      await fs.symlink('/etc/hostname', rig.json(json));
      const { done, failed } = await rig.recordings.delete([link, fifo, json]);
      expect([done, failed.map(({ code }) => code)]).toEqual([[], ['file_unsafe', 'file_unsafe', 'file_unsafe']]);
      expect(await rig.names()).toHaveLength(6);
    });

    test('a file in the folder that was replaced by a link is not restored', async () => {
      const id = await rig.write(1);
      await rig.recordings.delete([id]);
      const name = (await rig.deletedNames()).find((file) => file.endsWith('.wav')) ?? '';
      const path = join(rig.dir, 'deleted', name);
      await fs.rm(path);
      await fs.symlink('/etc/hostname', path);
      expect(await rig.recordings.restore([id])).toMatchObject({ failed: [{ code: 'not_restorable' }] });
      expect(await rig.names()).toEqual([]);
    });
  });
});
