import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idAt, wavOf } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { Disk } from '../disk.ts';
import { infoText } from '../list-recordings.ts';
import type { RecordingImports } from '../recording-imports.ts';
import { createRecordings } from '../recordings.ts';
import { existingFolderDisk } from './existing-folder-disk.ts';
import { folderFile } from './folder-file.ts';
import { createMovableRecordings, type MovableRecordings } from './movable-recordings.ts';
import { type MoveDisk, moveDisk } from './move-disk.ts';
import { openFolderState } from './open-folder.ts';
import { FOLDER_MARK } from './target-folder.ts';

let home: string;
let data: string;
let target: string;
const opened: MovableRecordings[] = [];
beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'earshot-move-'));
  data = join(home, 'data');
  target = join(home, 'drive');
  await fs.mkdir(join(data, 'recordings'), { recursive: true, mode: 0o700 });
  await fs.mkdir(target, { mode: 0o700 });
});
afterEach(async () => {
  for (const movable of opened.splice(0)) {
    await movable.closeMove();
    await movable.recordings.close();
  }
  await fs.rm(home, { recursive: true, force: true, maxRetries: 10 });
});

async function write(dir: string, number: number, sample = number): Promise<string> {
  const { id, started_at } = idAt(number);
  const samples = new Int16Array(1_600).fill(sample);
  const info = { id, session_id: 's', user_id: 'me', turn: 1, started_at, duration_s: 0.1, gaps: [] };
  await fs.writeFile(join(dir, `${id}.wav`), wavOf(samples), { mode: 0o600 });
  const json = infoText({ ...info, peak_dbfs: -30, rms_dbfs: -30, complete: true, title: `Take ${sample}` });
  await fs.writeFile(join(dir, `${id}.json`), json, { mode: 0o600 });
  return id;
}

const launches = (running: string[] = []) => ({
  current: '1-000000000000',
  isRunning: async (launch: string) => running.includes(launch),
  othersRunning: async () => running.length > 0,
});

/** A launch on the data folder. */
async function open(disk: MoveDisk = moveDisk, others: string[] = []) {
  const problems: string[] = [];
  const moved = vi.fn();
  const presence: boolean[] = [];
  const onProblem = (error: { code: string }) => void problems.push(error.code);
  const state = await openFolderState(data, disk, launches(others), onProblem);
  const movable = createMovableRecordings({
    dataDir: data,
    state,
    launches: launches(others),
    disk: defaultDisk,
    moveDisk: disk,
    open: (dir, chosen, onChecked) => ({
      recordings: createRecordings({
        dir,
        onChecked,
        cacheDir: join(data, 'cache', 'waveforms'),
        disk: chosen ? existingFolderDisk(defaultDisk as Disk, dir) : defaultDisk,
      }),
      imports: { cancelAll: async () => undefined } as RecordingImports,
    }),
    onChange: ({ present }) => void presence.push(present),
    onMoved: moved,
    onProblem,
  });
  opened.push(movable);
  return { movable, problems, moved, presence };
}

async function moveAndWait(movable: MovableRecordings, to: string): Promise<void> {
  await movable.moveTo(to);
  await vi.waitFor(async () => expect((await movable.folder()).move).toBeNull(), { timeout: 10_000 });
}

/** Titles of the listed recordings whose WAV has the samples that its title says. */
async function sound(movable: MovableRecordings): Promise<string[]> {
  const { path } = await movable.folder();
  const listed = (await movable.recordings.page({ limit: 500 })).recordings;
  const titles: string[] = [];
  for (const { id, title = '' } of listed) {
    const wav = await fs.readFile(join(path, `${id}.wav`));
    if (wav.length === 44 + 3_200 && `Take ${wav.readInt16LE(44)}` === title) titles.push(title);
  }
  return titles.sort();
}

const takes = (...numbers: number[]) => numbers.map((number) => `Take ${number}`).sort();

/** A disk that dies at its n-th change, in the middle of a copy, and does nothing afterwards. */
function dyingDisk(at: number, withLinks: boolean): MoveDisk {
  let calls = 0;
  const dead = () => Object.assign(new Error('the process is gone'), { code: 'EIO' });
  const step = () => {
    calls++;
    if (calls >= at) throw dead();
  };
  const noLink = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EXDEV' }));
  const counted =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      step();
      return call(...args);
    };
  const disk: MoveDisk = {
    ...moveDisk,
    mkdir: async (path) => counted(moveDisk.mkdir)(path),
    link: async (from, to) => counted(withLinks ? moveDisk.link : noLink)(from, to),
    async copy(from, to, signal) {
      if (calls + 1 === at) await fs.writeFile(to, (await fs.readFile(from)).subarray(0, 7));
      return counted(moveDisk.copy)(from, to, signal);
    },
    writeText: async (path, text) => counted(moveDisk.writeText)(path, text),
    rename: async (from, to) => counted(moveDisk.rename)(from, to),
    unlink: async (path) => counted(moveDisk.unlink)(path),
    rmdir: async (path) => counted(moveDisk.rmdir)(path),
    saveStateSync: counted(moveDisk.saveStateSync),
  };
  return disk;
}

describe('moving the recordings folder', () => {
  test.each([true, false])('moves all recordings and leaves other files (hard links: %s)', async (withLinks) => {
    for (let i = 1; i <= 4; i++) await write(join(data, 'recordings'), i);
    await fs.writeFile(join(data, 'recordings', 'notes.txt'), 'mine');
    const { movable, problems, moved } = await open(dyingDisk(Number.POSITIVE_INFINITY, withLinks));
    await moveAndWait(movable, target);
    expect(await sound(movable)).toEqual(takes(1, 2, 3, 4));
    expect(await movable.folder()).toEqual({ path: target, is_default: false, present: true, move: null, error: null });
    expect(await fs.readdir(join(data, 'recordings'))).toEqual(['notes.txt']);
    expect((await fs.readdir(target)).filter((name) => name.startsWith('.'))).toEqual([FOLDER_MARK]);
    expect((await fs.stat(join(target, `${idAt(1).id}.wav`))).nlink).toBe(1);
    expect([problems, moved.mock.calls.length]).toEqual([[], 1]);
    expect(await sound((await open()).movable)).toEqual(takes(1, 2, 3, 4));
  });

  test('a recording of the same name in the new folder stays, and the moved one gets another name', async () => {
    await write(join(data, 'recordings'), 1, 11);
    await write(target, 1, 22);
    await fs.writeFile(join(target, FOLDER_MARK), '');
    const { movable } = await open();
    await moveAndWait(movable, target);
    expect(await sound(movable)).toEqual(takes(11, 22));
    expect(await fs.readFile(join(target, `${idAt(1).id}.json`), 'utf8')).toContain('Take 22');
  });

  test('a folder with other files gets one of its own, which may be left again for the default folder', async () => {
    await write(join(data, 'recordings'), 1);
    await fs.writeFile(join(target, 'holiday.jpg'), 'x');
    const { movable } = await open();
    await moveAndWait(movable, target);
    expect((await movable.folder()).path).toBe(join(target, 'Earshot'));
    await moveAndWait(movable, join(data, 'recordings'));
    expect(await movable.folder()).toMatchObject({ path: join(data, 'recordings'), is_default: true });
    expect(await sound(movable)).toEqual(takes(1));
    expect(await fs.readdir(target)).toContain('holiday.jpg');
  });

  test('a turn during the move is recorded, and the move waits for its end', async () => {
    await write(join(data, 'recordings'), 1);
    const { movable } = await open();
    const recording = movable.recordings.begin({ sessionId: 's', userId: 'me', turn: 1, startedAt: new Date() });
    for (let i = 0; i < 50; i++) recording.write(new Uint8Array(640).fill(1));
    await movable.moveTo(target);
    await vi.waitFor(async () => expect((await movable.folder()).move?.step).toBe('waiting'), { timeout: 5_000 });
    const saved = await recording.finish();
    await vi.waitFor(async () => expect((await movable.folder()).move).toBeNull(), { timeout: 5_000 });
    expect((await fs.stat(join(target, `${saved?.id}.wav`))).size).toBe(44 + 50 * 640);
    expect(await sound(movable)).toEqual(takes(1));
  });

  test('a cancelled move leaves everything where it was', async () => {
    await write(join(data, 'recordings'), 1);
    const { movable, problems } = await open();
    movable.recordings.begin({ sessionId: 's', userId: 'me', turn: 1, startedAt: new Date() });
    await movable.moveTo(target);
    await vi.waitFor(async () => expect((await movable.folder()).move?.step).toBe('waiting'), { timeout: 5_000 });
    movable.cancelMove();
    await vi.waitFor(async () => expect((await movable.folder()).move).toBeNull());
    expect(await sound(movable)).toEqual(takes(1));
    expect([problems, (await movable.folder()).is_default]).toEqual([[], true]);
    await expect(fs.readdir(target)).rejects.toThrow('ENOENT');
  });

  test.each<[string, string, () => Promise<string>]>([
    ['the same folder', 'folder_same', async () => join(data, 'recordings')],
    ['one inside of it', 'folder_inside', () => made(join(data, 'recordings', 'old'))],
    ['the data folder around it', 'folder_inside', async () => data],
    ['one in the data folder', 'folder_inside', () => made(join(data, 'logs'))],
    ['a link', 'folder_linked', () => linked()],
    ['a file', 'folder_not_writable', () => file()],
    ['none', 'folder_not_writable', async () => join(home, 'gone')],
  ])('refuses %s, and nothing has changed', async (_, code, chosen) => {
    await write(join(data, 'recordings'), 1);
    const { movable } = await open();
    await expect(movable.moveTo(await chosen())).rejects.toMatchObject({ code });
    expect(await sound(movable)).toEqual(takes(1));
    await expect(fs.readFile(folderFile(data))).rejects.toThrow('ENOENT');
  });

  test('refuses while another Earshot uses the recordings', async () => {
    const { movable } = await open(moveDisk, ['2-000000000000']);
    await expect(movable.moveTo(target)).rejects.toMatchObject({ code: 'folder_in_use' });
  });

  test('a missing folder is said, never created, and another one can be used', async () => {
    await write(join(data, 'recordings'), 1);
    await moveAndWait((await open()).movable, target);
    await fs.rename(target, `${target}-unplugged`);
    const { movable } = await open();
    expect((await movable.folder()).present).toBe(false);
    await expect(movable.recordings.page({ limit: 5 })).rejects.toMatchObject({ code: 'recordings_folder_missing' });
    const recording = movable.recordings.begin({ sessionId: 's', userId: 'me', turn: 1, startedAt: new Date() });
    recording.write(new Uint8Array(32_000));
    const ended = recording.finish().catch(() => undefined);
    // Its audio is in memory until the folder is back.
    await expect(movable.moveTo(null)).rejects.toMatchObject({ code: 'turn_running' });
    await movable.recordings.close();
    await ended;
    await expect(fs.readdir(target)).rejects.toThrow('ENOENT');
    await movable.moveTo(null);
    expect(await movable.folder()).toMatchObject({ is_default: true, present: true, error: null });
    expect(await fs.readdir(`${target}-unplugged`)).toHaveLength(3);
  });

  test('the windows are told when the folder disappears and when it is back, once each', async () => {
    await write(join(data, 'recordings'), 1);
    await moveAndWait((await open()).movable, target);
    const { movable, presence } = await open();
    await movable.recordings.page({ limit: 5 });
    expect(presence).toEqual([]);
    await fs.rename(target, `${target}-unplugged`);
    for (let i = 0; i < 2; i++)
      await expect(movable.recordings.page({ limit: 5 })).rejects.toMatchObject({ code: 'recordings_folder_missing' });
    await vi.waitFor(() => expect(presence).toEqual([false]));
    await fs.rename(`${target}-unplugged`, target);
    for (let i = 0; i < 2; i++) await movable.recordings.page({ limit: 5 });
    await vi.waitFor(() => expect(presence).toEqual([false, true]));
  });

  test('a damaged file is kept aside, and the default folder is used', async () => {
    await write(join(data, 'recordings'), 1);
    await fs.writeFile(folderFile(data), '{"version":1,"folder":"relative"');
    const { movable, problems } = await open();
    expect(await sound(movable)).toEqual(takes(1));
    expect(problems).toEqual(['folder_file_damaged']);
    expect(await fs.readFile(`${folderFile(data)}.bad`, 'utf8')).toContain('relative');
  });
});

test.each([true, false])(
  'property: a crash at any step loses nothing, and the next start ends the move (hard links: %s)',
  async (withLinks) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), async (first, second) => {
        for (const dir of [data, target]) await fs.rm(dir, { recursive: true, force: true });
        await fs.mkdir(join(data, 'recordings'), { recursive: true, mode: 0o700 });
        await fs.mkdir(target, { mode: 0o700 });
        for (let i = 1; i <= 4; i++) await write(join(data, 'recordings'), i);
        await write(target, 2, 22);
        await fs.writeFile(join(target, FOLDER_MARK), '');
        const before = await hashes(target);
        const dying = await open(dyingDisk(first, withLinks));
        await dying.movable.moveTo(target).catch(() => undefined);
        await vi.waitFor(async () => expect((await dying.movable.folder()).move).toBeNull(), { timeout: 10_000 });
        // The next start may die as well.
        await open(dyingDisk(second, withLinks));
        const { movable, problems } = await open();
        expect(problems).toEqual([]);
        const { path } = await movable.folder();
        expect(await sound(movable)).toEqual(path === target ? takes(1, 2, 3, 4, 22) : takes(1, 2, 3, 4));
        expect(JSON.parse(await fs.readFile(folderFile(data), 'utf8').catch(() => '{"move":null}')).move).toBeNull();
        // Nothing of the user's was replaced.
        const after = await hashes(target);
        for (const [name, hash] of before) expect(after.get(name)).toBe(hash);
        expect([...after.keys()].filter((name) => name.startsWith('.earshot-move'))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  },
  120_000,
);

async function hashes(dir: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await fs.readdir(dir)) {
    if ((await fs.stat(join(dir, name))).isFile())
      found.set(
        name,
        createHash('sha256')
          .update(await fs.readFile(join(dir, name)))
          .digest('hex'),
      );
    else found.set(name, 'folder');
  }
  return found;
}

async function made(path: string): Promise<string> {
  await fs.mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}

async function linked(): Promise<string> {
  const link = join(home, 'link');
  await fs.symlink(target, link);
  return link;
}

async function file(): Promise<string> {
  const path = join(home, 'file');
  await fs.writeFile(path, '');
  return path;
}
