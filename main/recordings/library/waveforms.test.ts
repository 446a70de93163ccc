import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idAt, type LibraryRig, openLibraryRig, wavOf } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { Disk } from '../disk.ts';
import { mergePeaks } from './measure-peaks.ts';
import { KEPT_PEAKS, MAX_CACHED } from './waveforms.ts';

let rig: LibraryRig;
beforeEach(async () => {
  rig = await openLibraryRig();
});
afterEach(() => rig.close());

const cache = () => join(rig.home, 'cache', 'waveforms');
const peaksOf = async (id: string, buckets: number) => (await rig.recordings.waveform(id, buckets)).peaks;

/** What the waveform has to be, by its definition. */
function expected(samples: Int16Array, buckets: number): number[] {
  const count = Math.min(buckets, samples.length);
  const peaks = Array<number>(count).fill(0);
  for (const [i, sample] of samples.entries()) {
    const bucket = Math.floor((i * count) / samples.length);
    peaks[bucket] = Math.max(peaks[bucket] ?? 0, Math.abs(sample));
  }
  return peaks.map((peak) => Math.min(255, Math.round((peak * 255) / 32_768)));
}

/** Counts the reads of open files, and their largest size. */
function countingDisk(): { disk: Disk; reads: () => number; largest: () => number } {
  let reads = 0;
  let largest = 0;
  const disk: Disk = {
    ...defaultDisk,
    open: async (...args) => {
      const file = await defaultDisk.open(...args);
      return {
        write: (...of) => file.write(...of),
        read: (bytes, ...of) => {
          reads++;
          largest = Math.max(largest, bytes.byteLength);
          return file.read(bytes, ...of);
        },
        truncate: (length) => file.truncate(length),
        datasync: () => file.datasync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
  return { disk, reads: () => reads, largest: () => largest };
}

describe('a waveform', () => {
  test('property: has the peak of each bucket; merged buckets hold no less than those they merge', async () => {
    const samples = fc.int16Array({ minLength: 1, maxLength: 6_000 });
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 1_000 }), async (given, buckets) => {
        const id = await rig.write(1, {}, given);
        await fs.rm(cache(), { recursive: true, force: true });
        const peaks = await peaksOf(id, buckets);
        const exact = expected(given, KEPT_PEAKS);
        expect(peaks).toEqual(mergePeaks(Uint8Array.from(exact), buckets));
        expect(peaks).toHaveLength(Math.min(buckets, given.length));
        expect(Math.max(...peaks)).toBe(Math.max(...expected(given, buckets)));
      }),
      { numRuns: 25 },
    );
  });

  test('of a bucket count that divides the kept one is exact', async () => {
    const samples = Int16Array.from({ length: 32_000 }, (_, i) => ((i * 7_919) % 65_536) - 32_768);
    const id = await rig.write(1, {}, samples);
    for (const buckets of [1, 10, 500, 1_000]) expect(await peaksOf(id, buckets)).toEqual(expected(samples, buckets));
  });

  test('of silence is 0, of full scale 255, of no samples empty', async () => {
    const id = await rig.write(1, {}, Int16Array.from([0, 0, -32_768, 32_767, 0, 0]));
    expect(await peaksOf(id, 6)).toEqual([0, 0, 255, 255, 0, 0]);
    expect(await peaksOf(await rig.write(2, {}, new Int16Array()), 10)).toEqual([]);
  });

  test('is read in pieces of 256 KiB once, for any number of calls', async () => {
    const { disk, reads, largest } = countingDisk();
    const id = await rig.write(1, {}, new Int16Array(1_000_000).fill(5));
    const recordings = rig.open({ disk });
    await Promise.all([1, 10, 100, 1_000].map((buckets) => recordings.waveform(id, buckets)));
    const first = reads();
    expect([first, largest()]).toEqual([expect.any(Number), 256 * 1024]);
    expect(first).toBeLessThan(8 + 6);
    await recordings.waveform(id, 77);
    expect(reads()).toBe(first);
  });
});

describe('the cache', () => {
  test('is used by the next start, may be deleted, and its files belong to the user only', async () => {
    const id = await rig.write(1);
    const peaks = await peaksOf(id, 50);
    expect((await fs.stat(join(cache(), `${id}.json`))).mode & 0o777).toBe(0o600);
    const { disk, reads } = countingDisk();
    expect((await rig.open({ disk }).waveform(id, 50)).peaks).toEqual(peaks);
    expect(reads()).toBe(0);
    await fs.rm(join(rig.home, 'cache'), { recursive: true });
    expect(await peaksOf(id, 50)).toEqual(peaks);
  });

  test('is computed anew when the size or the time of the WAV differs', async () => {
    const id = await rig.write(1);
    await peaksOf(id, 4);
    await fs.writeFile(rig.wav(id), wavOf(new Int16Array(800).fill(-20_000)));
    expect(await peaksOf(id, 2)).toEqual([156, 156]);
    await fs.writeFile(rig.wav(id), wavOf(new Int16Array(800).fill(10_000)));
    await fs.utimes(rig.wav(id), 1, 1);
    expect(await peaksOf(id, 2)).toEqual([78, 78]);
  });

  test('does not keep the waveform of a deleted recording; once restored, it is computed anew', async () => {
    const id = await rig.write(1);
    const peaks = await peaksOf(id, 4);
    await rig.recordings.delete([id]);
    expect(await fs.readdir(cache())).toEqual([]);
    await expect(peaksOf(id, 4)).rejects.toMatchObject({ code: 'no_such_recording' });
    await rig.recordings.restore([id]);
    expect(await peaksOf(id, 4)).toEqual(peaks);
  });

  test.each([
    ['empty', ''],
    ['no JSON', '{"version":1,'],
    ['of another version', '{"version":2}'],
    ['with peaks that are no base64', '{"version":1,"wav_bytes":3244,"wav_mtime_ms":1,"peaks":"%%"}'],
  ])('a file that is %s is replaced', async (_what, text) => {
    const id = await rig.write(1);
    const peaks = await peaksOf(id, 4);
    await fs.writeFile(join(cache(), `${id}.json`), text);
    expect(await peaksOf(id, 4)).toEqual(peaks);
    expect(JSON.parse(await fs.readFile(join(cache(), `${id}.json`), 'utf8'))).toMatchObject({ version: 1 });
  });

  test('keeps at most 10,000 files, the newest ones, and leaves other files alone', async () => {
    await fs.mkdir(cache(), { recursive: true });
    const names = Array.from({ length: MAX_CACHED }, (_, i) => `${idAt(i).id}.json`);
    const disk: Disk = {
      ...defaultDisk,
      readdir: async (path) =>
        path === cache() ? [...names, 'notes.txt', ...(await defaultDisk.readdir(path))] : defaultDisk.readdir(path),
      unlink: vi.fn(async () => undefined),
    };
    const id = await rig.write(MAX_CACHED + 1);
    await rig.open({ disk }).waveform(id, 4);
    const unlinked = vi.mocked(disk.unlink).mock.calls.map(([path]) => path);
    expect(unlinked).toEqual(names.slice(0, 1_001).map((name) => join(cache(), name)));
  });

  test('a cache that can’t be written costs time only', async () => {
    await fs.writeFile(join(rig.home, 'cache'), 'a file in its place');
    expect(await peaksOf(await rig.write(1), 1)).toEqual([8]);
  });

  test.skipIf(process.platform === 'win32')('a link in it is replaced, not followed', async () => {
    const id = await rig.write(1);
    await fs.mkdir(cache(), { recursive: true });
    await fs.writeFile(join(rig.home, 'victim'), 'precious');
    await fs.symlink(join(rig.home, 'victim'), join(cache(), `${id}.json`));
    await fs.symlink(join(rig.home, 'victim'), join(cache(), `${id}.json.tmp`));
    expect(await peaksOf(id, 1)).toEqual([8]);
    expect(await fs.readFile(join(rig.home, 'victim'), 'utf8')).toBe('precious');
    await fs.rm(cache(), { recursive: true });
    await fs.mkdir(join(rig.home, 'elsewhere'));
    await fs.symlink(join(rig.home, 'elsewhere'), cache());
    expect(await peaksOf(id, 1)).toEqual([8]);
    expect(await fs.readdir(join(rig.home, 'elsewhere'))).toEqual([]);
  });
});

describe('bad input', () => {
  /** A WAV whose `fmt ` chunk has these fields. */
  function wavWith(tag: number, channels: number, bits: number, data = new Uint8Array(8)): Uint8Array {
    const bytes = Buffer.from(wavOf(new Int16Array(data.length / 2)));
    bytes.set(data, 44);
    bytes.writeUInt16LE(tag, 20);
    bytes.writeUInt16LE(channels, 22);
    bytes.writeUInt16LE(bits, 34);
    return bytes;
  }

  test.each([
    ['an empty file', new Uint8Array()],
    ['text', Buffer.from('this is no sound file, but it is longer than a header of 44 bytes')],
    ['a header that is cut off', wavOf(new Int16Array(4)).subarray(0, 30)],
    ['a header without samples', wavOf(new Int16Array(4)).subarray(0, 36)],
    ['floating point', wavWith(3, 1, 32)],
    ['24 bits', wavWith(1, 1, 24)],
    ['no channels', wavWith(1, 0, 16)],
    ['chunks of length 0 without end', Buffer.concat([wavOf(new Int16Array()).subarray(0, 12), new Uint8Array(4_000)])],
  ])('%s is bad_wav, with a sentence', async (_what, bytes) => {
    const id = await rig.write(1);
    await fs.writeFile(rig.wav(id), bytes);
    await expect(peaksOf(id, 10)).rejects.toMatchObject({
      code: 'bad_wav',
      message: expect.stringMatching(
        /^Earshot can't read the audio of this recording: it.*\. Another program may have/,
      ),
    });
    expect(await fs.readFile(rig.wav(id))).toEqual(Buffer.from(bytes));
  });

  test('a WAV with other chunks, in stereo, or longer in its header than on the disk has its peaks', async () => {
    const id = await rig.write(1);
    const stereo = wavWith(1, 2, 16, new Uint8Array(Int16Array.from([1_000, -20_000, 0, 0]).buffer));
    await fs.writeFile(rig.wav(id), stereo);
    expect(await peaksOf(id, 2)).toEqual([156, 0]);
    const note = Buffer.from('LIST\x03\0\0\0abc\0');
    const wav = wavOf(Int16Array.from([32_767, 0]));
    await fs.writeFile(rig.wav(id), Buffer.concat([wav.subarray(0, 12), note, wav.subarray(12)]));
    expect(await peaksOf(id, 2)).toEqual([255, 0]);
    const counted = wavOf(new Int16Array(100).fill(32_767)).subarray(0, 44 + 4);
    await fs.writeFile(rig.wav(id), counted);
    expect(await peaksOf(id, 2)).toEqual([255, 255]);
  });

  test('an unknown recording, a path, a link and a FIFO are no recording', async () => {
    const id = await rig.write(1);
    await fs.rm(rig.wav(id));
    const refused = { code: 'no_such_recording' };
    for (const unknown of [id, '../x', idAt(9).id]) await expect(peaksOf(unknown, 1)).rejects.toMatchObject(refused);
    if (process.platform === 'win32') return;
    await fs.symlink('/etc/hostname', rig.wav(id));
    await expect(peaksOf(id, 1)).rejects.toMatchObject(refused);
    await fs.rm(rig.wav(id));
    execFileSync('mkfifo', [rig.wav(id)]);
    await expect(peaksOf(id, 1)).rejects.toMatchObject(refused);
  });

  test('a disk that stalls fails after its time limit, and the next recording is measured', async () => {
    const [bad, good] = [await rig.write(1), await rig.write(2)];
    const disk: Disk = {
      ...defaultDisk,
      open: (path, ...rest) => (path === rig.wav(bad) ? new Promise(() => undefined) : defaultDisk.open(path, ...rest)),
    };
    const recordings = rig.open({ disk, diskTimeoutMs: 200 });
    const failed = expect(recordings.waveform(bad, 1)).rejects.toMatchObject({ code: 'recording_unreadable' });
    expect((await recordings.waveform(good, 1)).peaks).toEqual([8]);
    await failed;
  });
});
