import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { defaultDisk } from './default-disk.ts';
import type { Disk } from './disk.ts';
import { infoText } from './list-recordings.ts';
import { createRecordings, REPAIR_WAIT_MS, type Recordings } from './recordings.ts';
import { parseWav } from './wav.ts';

// The recordings folder may contain files that are not recordings.

const NOBODY = 65_534;
const GOOD = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const BAD = '2026-11-22T19-27-03-123Z_k3J9xQ2a_t2';
const SECONDS_2 = 64_000;
let home: string;
let dir: string;
let recordings: Recordings;
const onReadProblem = vi.fn<(error: EarshotError) => void>();
const onRepairProblem = vi.fn<(error: EarshotError) => void>();
beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'earshot-hostile-'));
  dir = join(home, 'recordings');
  await fs.mkdir(dir, { mode: 0o700 });
  for (const listener of [onReadProblem, onRepairProblem]) listener.mockReset();
  recordings = createRecordings({ dir, onReadProblem, onRepairProblem });
});
afterEach(async () => {
  await recordings.close();
  await fs.rm(home, { recursive: true, force: true });
});

const wav = (id: string) => join(dir, `${id}.wav`);
const json = (id: string) => join(dir, `${id}.json`);
const readProblems = () => onReadProblem.mock.calls.map(([error]) => error.code);

function description(id: string, changed: Partial<RecordingInfo> = {}): string {
  const turn = Number(id.at(-1));
  const started_at = `${id.slice(0, 13)}:${id.slice(14, 16)}:03.123Z`;
  const known = { session_id: 'k3J9xQ2aB7', user_id: 'me', turn, started_at, duration_s: 2, gaps: [] };
  return infoText({ id, ...known, peak_dbfs: -20, rms_dbfs: -20, complete: true, ...changed });
}
async function writeWav(path: string, counted = SECONDS_2): Promise<void> {
  const bytes = new Uint8Array(44 + SECONDS_2).fill(1);
  bytes.set(encodeWavHeader(counted));
  await fs.writeFile(path, bytes);
}
async function writeRecording(id = GOOD): Promise<void> {
  await writeWav(wav(id));
  await fs.writeFile(json(id), description(id));
}
/** Records a new turn to its end. */
async function record(into = recordings): Promise<void> {
  const turn = { sessionId: 'new0new0', userId: 'me', turn: 1, startedAt: new Date('2026-11-23T10:00:00.000Z') };
  const recording = into.begin(turn);
  for (let i = 0; i < 50; i++) recording.write(new Uint8Array(640).fill(1));
  const info = await recording.finish();
  expect(parseWav(await fs.readFile(wav(info?.id ?? ''))).samples).toHaveLength(16_000);
}

describe.skipIf(process.platform === 'win32')('special files in the folder (Windows has no FIFOs)', () => {
  const outside = () => join(home, 'outside');
  const cases: [what: string, create: () => Promise<unknown>][] = [
    ['a FIFO as JSON', async () => [await writeWav(wav(BAD)), execFileSync('mkfifo', [json(BAD)])]],
    [
      'a FIFO as WAV',
      async () => [await fs.writeFile(json(BAD), description(BAD)), execFileSync('mkfifo', [wav(BAD)])],
    ],
    [
      'a FIFO as the WAV of an unfinished recording',
      async () => [
        await fs.writeFile(json(BAD), description(BAD, { complete: false })),
        execFileSync('mkfifo', [wav(BAD)]),
      ],
    ],
    ['a FIFO as temporary JSON', async () => [await writeWav(wav(BAD)), execFileSync('mkfifo', [`${json(BAD)}.tmp`])]],
    [
      'a link as JSON',
      async () => {
        await writeWav(wav(BAD));
        await fs.writeFile(outside(), description(BAD));
        await fs.symlink(outside(), json(BAD));
      },
    ],
    [
      'a link as WAV',
      async () => {
        await writeWav(outside());
        await fs.writeFile(json(BAD), description(BAD));
        await fs.symlink(outside(), wav(BAD));
      },
    ],
    [
      'a device as WAV',
      async () => {
        await fs.writeFile(json(BAD), description(BAD));
        await fs.symlink('/dev/zero', wav(BAD));
      },
    ],
    [
      'a huge JSON',
      async () => {
        await writeWav(wav(BAD));
        await fs.writeFile(json(BAD), description(BAD));
        await fs.truncate(json(BAD), 64 * 2 ** 30);
      },
    ],
  ];

  test.each(cases)(
    'H71 %s: the other recordings are listed, new turns are recorded, repair and close end',
    async (what, create) => {
      await writeRecording();
      await create();
      const before = await fs.lstat(wav(BAD)).catch(() => null);
      await recordings.repair();
      const listed = (await recordings.list()).map(({ id }) => id);
      expect(listed).toContain(GOOD);
      if (before === null || !before.isFile()) {
        expect(listed).not.toContain(BAD);
        await expect(recordings.urlOf(BAD)).rejects.toMatchObject({ code: 'no_such_recording' });
      }
      if (what === 'a huge JSON') expect((await fs.stat(`${json(BAD)}.before-repair`)).size).toBe(64 * 2 ** 30);
      if (what !== 'a FIFO as temporary JSON' && !listed.includes(BAD)) {
        expect(readProblems()).toEqual(['recordings_left_out']);
        expect(onReadProblem.mock.calls[0]?.[0].message).toMatch(
          /^One recording is not in the list\. .* (?:Put a copy|Remove it).*\. Then reload the window\.$/,
        );
        await recordings.list();
        expect(readProblems()).toHaveLength(1);
      }
      await record();
      expect(onRepairProblem).not.toHaveBeenCalled();
    },
  );

  test('H70 does not list, play or repair another user’s recording', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can give a file away');
    await writeRecording();
    await writeRecording(BAD);
    await fs.chown(wav(BAD), NOBODY, NOBODY);
    await recordings.repair();
    expect((await recordings.list()).map(({ id }) => id)).toEqual([GOOD]);
    await expect(recordings.urlOf(BAD)).rejects.toMatchObject({ code: 'no_such_recording' });
    expect(readProblems()).toEqual(['recordings_left_out']);
  });

  test('H70 writes no recording to a folder of another user or behind another user’s link, and reports it', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can give a folder away');
    await fs.chown(dir, NOBODY, NOBODY);
    await expect(record()).rejects.toMatchObject({
      code: 'folder_unsafe',
      message: expect.stringMatching(/of your own/),
    });
    await expect(recordings.list()).rejects.toMatchObject({ code: 'folder_unsafe' });
    expect(await fs.readdir(dir)).toEqual([]);
  });

  test('H70 replaces a file that has the name of a JSON or its temporary file, and does not write to it', async () => {
    const victim = join(home, 'victim');
    const id = '2026-11-23T10-00-00-000Z_new0new0_t1';
    for (const create of [fs.symlink, fs.link]) {
      for (const name of [`${json(id)}.tmp`, json(id)]) {
        await fs.writeFile(victim, 'precious');
        await create(victim, name);
        await record();
        expect(await fs.readFile(victim, 'utf8')).toBe('precious');
        expect(JSON.parse(await fs.readFile(json(id), 'utf8'))).toMatchObject({ id, complete: true });
        await fs.rm(dir, { recursive: true });
        await fs.mkdir(dir);
      }
    }
  });

  test('H71 the repair never changes the target of a hard link, and says what to do', async () => {
    const other = join(home, 'other');
    await writeWav(other, 0);
    const before = await fs.readFile(other);
    await fs.link(other, wav(BAD));
    await fs.writeFile(json(BAD), description(BAD, { complete: false, duration_s: 0 }));
    await recordings.repair();
    expect(await fs.readFile(other)).toEqual(before);
    expect(onRepairProblem.mock.calls[0]?.[0].message).toMatch(/hard link\)\. Put a copy of it in its place/);
    await fs.copyFile(other, `${wav(BAD)}.copy`);
    await fs.rename(`${wav(BAD)}.copy`, wav(BAD));
    const next = createRecordings({ dir });
    await next.repair();
    expect(await next.list()).toMatchObject([{ id: BAD, repaired: true, duration_s: 2 }]);
    expect(await fs.readFile(other)).toEqual(before);
  });

  test('H70 files of an older version that others may read still work', async () => {
    await writeRecording();
    await fs.chmod(dir, 0o775);
    await fs.chmod(wav(GOOD), 0o664);
    await fs.chmod(json(GOOD), 0o664);
    await fs.writeFile(`${json(GOOD)}.tmp`, description(GOOD, { user_id: 'newer' }));
    await recordings.repair();
    expect(await recordings.list()).toMatchObject([{ id: GOOD, user_id: 'newer' }]);
    expect((await fs.stat(dir)).mode & 0o777).toBe(0o755);
  });
});

describe('a disk that stalls', () => {
  test('H71 lists the recordings without a file that the disk never returns, and records new turns', async () => {
    await writeRecording();
    await writeRecording(BAD);
    const disk: Disk = {
      ...defaultDisk,
      readFile: (path, encoding) =>
        path === json(BAD) ? new Promise(() => undefined) : defaultDisk.readFile(path, encoding),
    };
    const stalled = createRecordings({ dir, disk, onReadProblem, diskTimeoutMs: 50 });
    expect((await stalled.list()).map(({ id }) => id)).toEqual([GOOD]);
    expect(readProblems()).toEqual(['recordings_left_out']);
    await record(stalled);
    await stalled.close();
  });

  test('H71 the list stops waiting for a repair that does not end', async () => {
    vi.useFakeTimers();
    try {
      const disk = new MemoryDisk();
      disk.files.set(wav(GOOD), new Uint8Array(44 + SECONDS_2));
      disk.files.set(json(GOOD), new TextEncoder().encode(description(GOOD)));
      // An unknown header, so that the file is copied before it is changed.
      disk.files.set(wav(BAD), new Uint8Array(1000).fill(7));
      disk.copyFile = vi.fn(() => new Promise<never>(() => undefined));
      const stalled = createRecordings({ dir, disk });
      void stalled.repair();
      const list = stalled.list();
      await vi.advanceTimersByTimeAsync(REPAIR_WAIT_MS);
      expect(disk.copyFile).toHaveBeenCalledTimes(1);
      expect((await list).map(({ id }) => id)).toEqual([GOOD]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('H71 the list fails if the disk answers nothing, and a stop does not wait for the repair', async () => {
    const never = () => new Promise<never>(() => undefined);
    const stalled = createRecordings({ dir, disk: { ...defaultDisk, readdir: never }, diskTimeoutMs: 50 });
    void stalled.repair();
    await expect(stalled.list()).rejects.toMatchObject({ code: 'recordings_unreadable' });
    await stalled.close();
  });
});
