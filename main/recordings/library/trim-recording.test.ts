import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RecordingInfo } from '../../../shared/recording.ts';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { Disk } from '../disk.ts';
import { parseWav } from '../wav.ts';

let rig: LibraryRig;
beforeEach(async () => {
  rig = await openLibraryRig();
});
afterEach(() => rig.close());

const ramp = (length: number) => Int16Array.from({ length }, (_, i) => (i % 30_000) + 1);
const readWav = async (id: string) => parseWav(await fs.readFile(rig.wav(id)));

describe('trimming', () => {
  test('saves a part as a new recording; the original is untouched', async () => {
    const id = await rig.write(1, { title: 'Plan', note: 'N', imported_from: 'talk.mp3' }, ramp(48_000));
    const before = [await fs.readFile(rig.wav(id)), await fs.readFile(rig.json(id))];
    const part = await rig.recordings.trim({ id, start_s: 0.5, end_s: 2 });
    expect(part).toMatchObject({
      id: `${id}-2`,
      session_id: 'k3J9xQ2aB7',
      duration_s: 1.5,
      complete: true,
      title: 'Plan',
      note: 'N',
      imported_from: 'talk.mp3',
      trimmed_from: { id, start_s: 0.5, end_s: 2 },
      started_at: new Date(Date.parse(idAt(1).started_at) + 500).toISOString(),
    });
    expect(RecordingInfo.parse(await rig.readJson(part.id))).toEqual(part);
    const { samples, sampleRate, channels, trailingBytes } = await readWav(part.id);
    expect([sampleRate, channels, trailingBytes]).toEqual([16_000, 1, 0]);
    expect(samples).toEqual(ramp(48_000).subarray(8_000, 32_000));
    expect([await fs.readFile(rig.wav(id)), await fs.readFile(rig.json(id))]).toEqual(before);
    expect(rig.changed).toHaveBeenCalledExactlyOnceWith(part);
    expect(await rig.list()).toEqual([part.id, id]);
    expect((await fs.stat(rig.wav(part.id))).mode & 0o777).toBe(0o600);
  });

  test('property: any valid range has exactly its samples, and its level, gaps and microphone states lie within it', async () => {
    const gaps = [
      { at_s: 0.2, seconds: 0.1 },
      { at_s: 0.9, seconds: 0.3 },
    ];
    const state = { label: 'Desk', status: 'ok', instead_of: null } as const;
    const microphone = [
      { at_s: 0, ...state },
      { at_s: 1, ...state, label: 'Headset' },
    ];
    const pauses = [{ at_s: 1.5, seconds: 30 }];
    const id = await rig.write(1, { gaps, microphone, pauses }, ramp(32_000));
    const time = fc.integer({ min: 0, max: 32_000 }).map((samples) => samples / 16_000);
    await fc.assert(
      fc.asyncProperty(time, time, async (a, b) => {
        const [start_s, end_s] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(end_s - start_s >= 0.1);
        const part = await rig.recordings.trim({ id, start_s, end_s });
        const { samples } = await readWav(part.id);
        expect(samples).toEqual(ramp(32_000).subarray(Math.round(start_s * 16_000), Math.round(end_s * 16_000)));
        expect(part.duration_s).toBe(samples.length / 16_000);
        for (const gap of part.gaps) {
          expect(gap.at_s).toBeGreaterThanOrEqual(0);
          expect(gap.at_s + gap.seconds).toBeLessThanOrEqual(part.duration_s + 1e-9);
        }
        expect(part.microphone?.[0]).toMatchObject({ at_s: 0, label: start_s < 1 ? 'Desk' : 'Headset' });
        const holdsPause = start_s < 1.5 && end_s > 1.5;
        expect(part.pauses).toEqual(holdsPause ? [{ at_s: expect.closeTo(1.5 - start_s, 9), seconds: 30 }] : undefined);
        expect(part.peak_dbfs).toBeLessThanOrEqual(0);
        await rig.recordings.delete([part.id]);
        await fs.rm(join(rig.dir, 'deleted'), { recursive: true });
      }),
      { numRuns: 20 },
    );
  });

  test('the end is limited to the recording; a part of a part names the part it comes from', async () => {
    const id = await rig.write(1, {}, ramp(16_000));
    const part = await rig.recordings.trim({ id, start_s: 0.25, end_s: 1_000 });
    expect(part.trimmed_from).toEqual({ id, start_s: 0.25, end_s: 1 });
    const second = await rig.recordings.trim({ id: part.id, start_s: 0, end_s: 0.5 });
    expect(second).toMatchObject({ id: `${id}-3`, trimmed_from: { id: part.id } });
    expect((await readWav(second.id)).samples).toEqual(ramp(16_000).subarray(4_000, 12_000));
  });

  test('several at once get names of their own, also beside a deleted part that may be restored', async () => {
    const id = await rig.write(1, {}, ramp(16_000));
    const range = { id, start_s: 0, end_s: 0.5 };
    const parts = await Promise.all([1, 2, 3].map(() => rig.recordings.trim(range)));
    expect(parts.map((part) => part.id)).toEqual([`${id}-2`, `${id}-3`, `${id}-4`]);
    await rig.recordings.delete([`${id}-3`]);
    expect((await rig.recordings.trim(range)).id).toBe(`${id}-5`);
    expect(await rig.recordings.restore([`${id}-3`])).toMatchObject({ done: [`${id}-3`] });
  });

  test('a long recording is copied in pieces of 256 KiB', async () => {
    const id = await rig.write(1, {}, ramp(1_000_000));
    let largest = 0;
    const disk: Disk = {
      ...defaultDisk,
      open: async (...args) => {
        const file = await defaultDisk.open(...args);
        const write: typeof file.write = (bytes, ...rest) => {
          largest = Math.max(largest, bytes.byteLength);
          return file.write(bytes, ...rest);
        };
        const { read, truncate, datasync, stat, close } = file;
        const bound = { read, truncate, datasync, stat, close };
        return Object.assign(Object.create(file), { ...bindAll(bound, file), write });
      },
    };
    const part = await rig.open({ disk }).trim({ id, start_s: 1, end_s: 60 });
    expect((await readWav(part.id)).samples).toHaveLength(59 * 16_000);
    expect(largest).toBe(256 * 1024);
  });
});

function bindAll<T extends object>(methods: T, owner: object): T {
  const bound = Object.entries(methods).map(([name, method]) => [name, (method as () => unknown).bind(owner)]);
  return Object.fromEntries(bound) as T;
}

describe('a trim that fails has a code and a sentence, and leaves nothing behind', () => {
  async function failsWith(
    range: { id: string; start_s: number; end_s: number },
    code: string,
    sentence: RegExp,
    on = rig.recordings,
  ) {
    const before = await rig.names();
    await expect(on.trim(range)).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
    expect(await rig.names()).toEqual(before);
  }

  test('a range that is empty, reversed, too short or outside', async () => {
    const id = await rig.write(1, {}, ramp(16_000));
    for (const [start_s, end_s] of [
      [0.5, 0.5],
      [0.9, 0.1],
      [0.5, 0.55],
      [2, 3],
      [0.95, 9],
    ] as const)
      await failsWith({ id, start_s, end_s }, 'bad_range', /^Choose a part of at least 0\.1 s between 0 and 1\.0 s\.$/);
  });

  test('an unknown recording, a damaged JSON, a damaged WAV and another format', async () => {
    const range = { start_s: 0, end_s: 0.1 };
    await failsWith({ id: idAt(9).id, ...range }, 'no_such_recording', /no longer exists/);
    const id = await rig.write(1);
    const wav = await fs.readFile(rig.wav(id));
    wav.writeUInt32LE(44_100, 24);
    await fs.writeFile(rig.wav(id), wav);
    await failsWith({ id, ...range }, 'bad_wav', /1 channels at 44100 Hz, and only 1 at 16000 Hz can be trimmed/);
    await fs.writeFile(rig.wav(id), 'RIFF');
    await failsWith({ id, ...range }, 'bad_wav', /it is too short/);
    await fs.writeFile(rig.json(id), '{');
    await failsWith({ id, ...range }, 'recording_damaged', /Restart Earshot/);
  });

  test.each([
    [
      'ENOSPC',
      'disk_full',
      /^The disk is full, so the part was not saved; the original is unchanged\. Free some space/,
    ],
    [
      'EIO',
      'trim_failed',
      /so the part was not saved; the original is unchanged\. Check the folder, then try again\.$/,
    ],
  ])('a disk that answers %s in the middle', async (error, code, sentence) => {
    const id = await rig.write(1, {}, ramp(400_000));
    const disk: Disk = {
      ...defaultDisk,
      open: async (path, flags, mode) => {
        const file = await defaultDisk.open(path, flags, mode);
        if (flags !== 'wx') return file;
        const methods = {
          read: file.read,
          truncate: file.truncate,
          datasync: file.datasync,
          stat: file.stat,
          close: file.close,
        };
        return {
          ...bindAll(methods, file),
          write: (bytes, offset, length, position) =>
            position > 300_000
              ? Promise.reject(Object.assign(new Error(error), { code: error }))
              : file.write(bytes, offset, length, position),
        };
      },
    };
    await failsWith({ id, start_s: 0, end_s: 25 }, code, sentence, rig.open({ disk }));
  });

  test('a JSON that can’t be written takes the WAV with it', async () => {
    const id = await rig.write(1);
    const disk: Disk = {
      ...defaultDisk,
      writeFile: () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'EROFS' })),
    };
    await failsWith(
      { id, start_s: 0, end_s: 0.1 },
      'trim_failed',
      /is read-only, so the part was not saved/,
      rig.open({ disk }),
    );
  });

  test('more parts than names', async () => {
    const id = await rig.write(1);
    for (let number = 2; number < 100; number++) await fs.writeFile(rig.wav(`${id}-${number}`), '');
    await failsWith({ id, start_s: 0, end_s: 0.1 }, 'too_many_parts', /Delete some/);
  });

  test('a part file that a killed app left is removed by the next start, unless another host runs', async () => {
    const id = await rig.write(1);
    const part = join(rig.dir, `${id}-2.wav.part`);
    await fs.writeFile(part, 'half');
    await fs.writeFile(join(rig.dir, 'mine.wav.part'), 'mine');
    expect(await rig.list()).toEqual([id]);
    const busy = { current: 'a', isRunning: async () => true, othersRunning: vi.fn(async () => true) };
    const beside = rig.open({ launches: busy });
    await beside.repair();
    await vi.waitFor(() => expect(busy.othersRunning).toHaveBeenCalled());
    await beside.close();
    expect(await rig.names()).toContain(`${id}-2.wav.part`);
    await rig.recordings.repair();
    await vi.waitFor(async () => expect(await rig.names()).toEqual([`${id}.json`, `${id}.wav`, 'mine.wav.part']));
  });
});
