import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EarshotError } from '../../../shared/errors.ts';
import { RETENTION_DEFAULTS } from '../../../shared/retention.ts';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { Disk } from '../disk.ts';
import type { Recordings } from '../recordings.ts';

// Every call of the library, with everything that a folder or a disk may do to it.

let rig: LibraryRig;
const ID = idAt(1).id;
beforeEach(async () => {
  rig = await openLibraryRig({ diskTimeoutMs: 300 });
  await rig.write(1, { title: 'Kept' });
});
afterEach(() => rig.close());

type Outcome = { code: string; message: string } | 'fine';

/** The outcome of a call; any error that is not an `EarshotError` fails the test. */
async function outcome(call: Promise<unknown>): Promise<Outcome> {
  try {
    const result = await call;
    const { failed } = (result ?? {}) as { failed?: { code: string; message: string }[] };
    return failed?.[0] ?? 'fine';
  } catch (error) {
    expect(error).toBeInstanceOf(EarshotError);
    return error as EarshotError;
  }
}

const CALLS: Record<string, (recordings: Recordings) => Promise<unknown>> = {
  page: (recordings) => recordings.page({ limit: 10 }),
  previewRetention: (recordings) => recordings.previewRetention({ ...RETENTION_DEFAULTS, retention: 'none' }),
  describe: (recordings) => recordings.describe({ id: ID, title: 'New' }),
  waveform: (recordings) => recordings.waveform(ID, 10),
  trim: (recordings) => recordings.trim({ id: ID, start_s: 0, end_s: 0.1 }),
  delete: (recordings) => recordings.delete([ID]),
  restore: (recordings) => recordings.restore([ID]),
};

/** Makes every call. @returns the code of each, after checking that each error has a sentence */
async function codes(recordings: Recordings): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(CALLS)) {
    const result = await outcome(call(recordings));
    if (result !== 'fine') expect(result.message, name).toMatch(/^[A-Z].{10,}\.$/s);
    found[name] = result === 'fine' ? 'fine' : result.code;
  }
  return found;
}

function failing(code: string, except: readonly (keyof Disk)[] = []): Disk {
  const fail = () => Promise.reject(Object.assign(new Error(code), { code }));
  const disk = Object.fromEntries(
    Object.keys(defaultDisk).map((name) => [
      name,
      except.includes(name as keyof Disk) ? defaultDisk[name as keyof Disk] : fail,
    ]),
  );
  return disk as unknown as Disk;
}

const MISSING = {
  page: 'fine',
  previewRetention: 'fine',
  describe: 'no_such_recording',
  waveform: 'no_such_recording',
  trim: 'no_such_recording',
  delete: 'no_such_recording',
  restore: 'not_restorable',
};
const UNREADABLE = {
  page: 'recordings_unreadable',
  previewRetention: 'recordings_unreadable',
  describe: 'recording_unreadable',
  waveform: 'recording_unreadable',
  trim: 'recording_unreadable',
  delete: 'recording_unreadable',
  restore: 'restore_failed',
};

describe('the folder', () => {
  test('is missing', async () => {
    await fs.rm(rig.dir, { recursive: true });
    expect(await codes(rig.recordings)).toEqual(MISSING);
    expect(await fs.readdir(rig.home)).toEqual([]);
  });

  test('disappears while it is in use, and comes back', async () => {
    expect(await rig.list()).toEqual([ID]);
    await fs.rename(rig.dir, `${rig.dir}-away`);
    expect(await codes(rig.recordings)).toEqual(MISSING);
    expect(await rig.list()).toEqual([]);
    await fs.rename(`${rig.dir}-away`, rig.dir);
    expect(await rig.list()).toEqual([ID]);
    expect(await rig.readJson(ID)).toMatchObject({ title: 'Kept' });
  });

  test.skipIf(process.platform === 'win32')('is a file, a FIFO or a broken link', async () => {
    await fs.rename(rig.dir, `${rig.dir}-away`);
    for (const create of [
      () => fs.writeFile(rig.dir, 'a file'),
      async () => void execFileSync('mkfifo', [rig.dir]),
      () => fs.symlink(join(rig.home, 'nowhere'), rig.dir),
    ]) {
      await fs.rm(rig.dir, { force: true });
      await create();
      const { page, ...rest } = await codes(rig.recordings);
      expect(['fine', 'recordings_unreadable']).toContain(page);
      expect(Object.values(rest)).not.toContain('internal');
      expect([rest.delete, rest.describe]).not.toContain('fine');
    }
    expect(await fs.readdir(`${rig.dir}-away`)).toHaveLength(2);
  });
});

describe('the disk', () => {
  test.each(['EIO', 'EACCES', 'ENOSPC', 'EMFILE'])('answers %s to everything: nothing is changed', async (code) => {
    const found = await codes(rig.open({ disk: failing(code) }));
    const full = code === 'ENOSPC' ? 'disk_full' : null;
    const { page, previewRetention, ...changes } = UNREADABLE;
    const expected = Object.fromEntries(Object.entries(changes).map(([name, other]) => [name, full ?? other]));
    expect(found).toEqual({ page, previewRetention, ...expected });
    expect(await rig.names()).toEqual([`${ID}.json`, `${ID}.wav`]);
  });

  test('is full: what only reads works, and what writes says so', async () => {
    const disk = failing('ENOSPC', ['readdir', 'readFile', 'lstat', 'stat', 'unlink']);
    const open: Disk['open'] = (path, flags, mode) =>
      flags === 'r' ? defaultDisk.open(path, flags, mode) : disk.open(path, flags, mode);
    expect(await codes(rig.open({ disk: { ...disk, open } }))).toEqual({
      page: 'fine',
      previewRetention: 'fine',
      describe: 'disk_full',
      waveform: 'fine',
      trim: 'disk_full',
      delete: 'disk_full',
      restore: 'not_restorable',
    });
    expect(await rig.names()).toEqual([`${ID}.json`, `${ID}.wav`]);
    expect(await rig.readJson(ID)).toMatchObject({ title: 'Kept' });
  });

  test('answers nothing: every call ends within the time limit', async () => {
    const never = () => new Promise<never>(() => undefined);
    const disk = Object.fromEntries(Object.keys(defaultDisk).map((name) => [name, never])) as unknown as Disk;
    const found = await codes(rig.open({ disk }));
    expect(found).toEqual(UNREADABLE);
    expect(await rig.names()).toEqual([`${ID}.json`, `${ID}.wav`]);
  });
});

describe('the files', () => {
  const DAMAGED = { page: 'fine', previewRetention: 'fine', restore: 'not_restorable' };

  test.each([
    ['is empty', ''],
    ['is cut off', '{"id": "20'],
    ['is binary', '\0\x01\x02'],
    ['describes another recording', JSON.stringify({ id: idAt(2).id })],
    ['is a list', '[]'],
    ['is deeply nested', '['.repeat(100_000)],
  ])(
    'the JSON %s: the recording is left out, nothing is changed, and its sound has a waveform',
    async (_what, text) => {
      await fs.writeFile(rig.json(ID), text);
      expect(await codes(rig.recordings)).toEqual({
        ...DAMAGED,
        describe: 'recording_damaged',
        waveform: 'fine',
        trim: 'recording_damaged',
        delete: 'recording_damaged',
      });
      expect(await rig.list()).toEqual([]);
      expect(await fs.readFile(rig.json(ID), 'utf8')).toBe(text);
    },
  );

  test('the WAV is damaged: the recording can be listed, described and deleted', async () => {
    await fs.writeFile(rig.wav(ID), 'no sound');
    const { describe: described, ...found } = await codes(rig.recordings);
    expect([described, found]).toEqual([
      'fine',
      { page: 'fine', previewRetention: 'fine', waveform: 'bad_wav', trim: 'bad_wav', delete: 'fine', restore: 'fine' },
    ]);
    expect(await fs.readFile(rig.wav(ID), 'utf8')).toBe('no sound');
  });

  describe.skipIf(process.platform === 'win32')('special files', () => {
    test.each([
      ['the WAV is a link', 'wav', (path: string): Promise<unknown> => fs.symlink('/etc/hostname', path)],
      ['the WAV is a FIFO', 'wav', async (path: string): Promise<unknown> => void execFileSync('mkfifo', [path])],
      ['the WAV is a folder', 'wav', (path: string): Promise<unknown> => fs.mkdir(path)],
      ['the JSON is a link', 'json', (path: string): Promise<unknown> => fs.symlink('/etc/hostname', path)],
      ['the JSON is a FIFO', 'json', async (path: string): Promise<unknown> => void execFileSync('mkfifo', [path])],
      ['the JSON is 2 MB', 'json', (path: string): Promise<unknown> => fs.writeFile(path, ' '.repeat(2 * 1024 * 1024))],
    ] as const)(
      '%s: it is refused and stays, the reason is reported, and a call never waits for it',
      async (_what, ending, create) => {
        const path = join(rig.dir, `${ID}.${ending}`);
        await fs.rm(path);
        await create(path);
        const found = await codes(rig.recordings);
        expect(found).toMatchObject({
          ...DAMAGED,
          describe: 'file_unsafe',
          trim: 'file_unsafe',
          delete: 'file_unsafe',
        });
        expect(found.waveform).toBe(ending === 'wav' ? 'no_such_recording' : 'fine');
        expect(await rig.list()).toEqual([]);
        expect(rig.problem.mock.calls.map(([error]) => error.code)).toEqual(['recordings_left_out']);
        expect(await rig.names()).toEqual([`${ID}.json`, `${ID}.wav`]);
      },
    );
  });
});
