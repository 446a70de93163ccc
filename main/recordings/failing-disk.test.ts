import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { Disk, DiskFile } from './disk.ts';
import { createRecordings, type Recording, type Recordings } from './recordings.ts';
import { parseWav } from './wav.ts';

// The disk is in memory and timers are fake: a write ends or fails in the tick in which it is requested.

const DIR = '/recordings';
const TURN = { sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt: new Date('2026-11-22T19:26:03.123Z') };
const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const WAV = `${DIR}/${ID}.wav`;
const JSON_FILE = `${DIR}/${ID}.json`;
const FRAMES_PER_SECOND = 50;

type Operation = 'write' | 'open' | 'mkdir' | 'writeFile' | 'rename' | 'datasync';

/** A disk in memory that fails the operations that a test selects. */
class FaultyDisk extends MemoryDisk {
  /** Returns the error for an operation, or null for success. A promise delays the operation. */
  failureOf: (operation: Operation, path: string) => string | Promise<void> | null = () => null;

  override async mkdir(): Promise<void> {
    await this.#check('mkdir', DIR);
  }

  override async open(path: string, flags: string): Promise<DiskFile> {
    if (flags !== 'r') await this.#check('open', path);
    const file = await super.open(path, flags);
    return {
      ...file,
      write: async (...args) => {
        await this.#check('write', path);
        return file.write(...args);
      },
      truncate: async (length) => {
        await this.#check('write', path);
        return file.truncate(length);
      },
      datasync: () => this.#check('datasync', path),
    };
  }

  override async writeFile(path: string, text: string): Promise<void> {
    await this.#check('writeFile', path);
    return super.writeFile(path, text);
  }

  override async rename(from: string, to: string): Promise<void> {
    await this.#check('rename', to);
    return super.rename(from, to);
  }

  async #check(operation: Operation, path: string): Promise<void> {
    const answer = this.failureOf(operation, path);
    if (typeof answer === 'string') throw Object.assign(new Error(`the disk says ${answer}`), { code: answer });
    await answer;
  }
}

let disk: FaultyDisk;
let recordings: Recordings;
const onProblem = vi.fn<(error: EarshotError) => void>();
const onDescriptionMissing = vi.fn<(error: EarshotError) => void>();
const onDelay = vi.fn<(error: EarshotError | null) => void>();
const onSaved = vi.fn<(info: RecordingInfo) => void>();
beforeEach(() => {
  vi.useFakeTimers();
  for (const listener of [onProblem, onDescriptionMissing, onDelay, onSaved]) listener.mockReset();
  disk = new FaultyDisk();
  const listeners = { onProblem, onDescriptionMissing, onDelay, onSaved };
  recordings = createRecordings({ dir: DIR, disk: disk satisfies Disk, ...listeners });
});
afterEach(() => vi.useRealTimers());

const problems = () => onProblem.mock.calls.map(([error]) => error.code);
const missing = () => onDescriptionMissing.mock.calls.map(([error]) => error.code);
const delays = () => onDelay.mock.calls.map(([error]) => error?.code ?? null);
const samplesOnDisk = () => parseWav(disk.files.get(WAV) ?? new Uint8Array()).samples;
const description = () => RecordingInfo.parse(JSON.parse(new TextDecoder().decode(disk.files.get(JSON_FILE))));
/** Expects the WAV to contain exactly the first `count` samples. `toEqual` would take seconds for millions of them. */
function expectOnDisk(samples: number): void {
  const expected = Int16Array.from({ length: samples }, (_, i) => i % 32_749);
  const found = samplesOnDisk();
  expect(found).toHaveLength(samples);
  expect(
    Buffer.from(found.buffer).equals(Buffer.from(expected.buffer)),
    'the samples are those that were written',
  ).toBe(true);
}

/**
 * Writes audio in real time, ten frames of 20 ms at a time; sample values count up.
 * @returns number of frames accepted
 */
async function speak(recording: Recording, seconds: number, from = 0): Promise<number> {
  let kept = 0;
  for (let frame = 0; frame < seconds * FRAMES_PER_SECOND; frame++) {
    const first = (from + frame) * 320;
    const samples = Int16Array.from({ length: 320 }, (_, i) => (first + i) % 32_749);
    if (recording.write(new Uint8Array(samples.buffer))) kept++;
    // Ten frames per step keep the number of fake timers in a long turn small.
    if (frame % 10 === 9) await vi.advanceTimersByTimeAsync(200);
  }
  return kept;
}

/** Fails these operations for this many seconds from now. */
function refuseFor(seconds: number, code: string, operations: Operation[]): void {
  const until = Date.now() + seconds * 1000;
  disk.failureOf = (operation) => (operations.includes(operation) && Date.now() < until ? code : null);
}

describe('H49 the description of a recording cannot be replaced', () => {
  for (const code of ['EPERM', 'EBUSY', 'EACCES']) {
    test.each([
      ['once', 0.1],
      ['for 6 s', 6],
    ])(
      `H49 ${code} %s: the audio is complete, the description is written later, and no error is reported`,
      async (_, seconds) => {
        const recording = recordings.begin(TURN);
        await speak(recording, 1);
        refuseFor(seconds, code, ['rename']);
        expect(await speak(recording, 9, 50)).toBe(450);
        const end = recording.finish();
        await vi.runAllTimersAsync();
        expect(await end).toMatchObject({ complete: true, duration_s: 10 });
        expectOnDisk(160_000);
        expect(description()).toMatchObject({ complete: true, duration_s: 10 });
        expect([problems(), missing(), delays()]).toEqual([[], [], []]);
      },
    );
  }

  test('H49 permanently, from the end of the turn: the audio is saved, and only the description is reported missing', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 10);
    disk.failureOf = (operation) => (operation === 'rename' ? 'EPERM' : null);
    const end = recording.finish();
    await vi.runAllTimersAsync();
    expect(await end).toMatchObject({ complete: true, duration_s: 10 });
    expectOnDisk(160_000);
    expect([problems(), missing()]).toEqual([[], ['description_not_written']]);
    expect(onSaved).toHaveBeenCalledOnce();
    // The temporary file is still found.
    expect(await recordings.list()).toMatchObject([{ id: ID, complete: true, duration_s: 10 }]);
  });

  test('H49 from the start of the turn, for any JSON: the audio is complete', async () => {
    disk.failureOf = (operation) => (operation === 'writeFile' ? 'EACCES' : null);
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    const end = recording.finish();
    await vi.runAllTimersAsync();
    expect(await end).toMatchObject({ complete: true, duration_s: 5 });
    expectOnDisk(80_000);
    expect([problems(), missing()]).toEqual([[], ['description_not_written']]);
  });

  test.each([
    ['for 30 s, during the turn', 30],
    ['for ever', Number.POSITIVE_INFINITY],
  ])('H49 the description stalls %s: the audio does not wait for it', async (_, seconds) => {
    const recording = recordings.begin(TURN);
    await speak(recording, 2);
    const stalled = new Promise<void>((resolve) => {
      if (seconds < Number.POSITIVE_INFINITY) setTimeout(resolve, seconds * 1000);
    });
    disk.failureOf = (operation, path) => (operation === 'writeFile' && path !== WAV ? stalled : null);
    await speak(recording, 18, 100);
    // All except the last batch, which is not full yet.
    expect(samplesOnDisk().length).toBeGreaterThanOrEqual(19 * 16_000);
    const end = recording.finish();
    await vi.runAllTimersAsync();
    expect(await end).toMatchObject({ complete: true, duration_s: 20 });
    expectOnDisk(320_000);
    expect([problems(), delays()]).toEqual([[], []]);
    if (seconds < Number.POSITIVE_INFINITY) expect(description()).toMatchObject({ complete: true, duration_s: 20 });
    expect(missing()).toEqual(['description_not_written']);
  });
});

describe('H50 the disk accepts no writes for a while', () => {
  const WRITES: Operation[] = ['write', 'open', 'mkdir', 'writeFile', 'datasync'];

  test.each([
    ['is full for 3 s', 'ENOSPC', 3, 'disk_full'],
    ['is full for 12 s', 'ENOSPC', 12, 'disk_full'],
    ['is over its quota for 12 s', 'EDQUOT', 12, 'disk_full'],
    ['is read-only for 12 s', 'EROFS', 12, 'disk_not_written'],
    ['returns I/O errors for 110 s', 'EIO', 110, 'disk_not_written'],
  ])(
    'H50 %s: every sample is written in the end, and the beginning and the end of the delay are reported',
    async (_, code, seconds, reportedCode) => {
      const recording = recordings.begin(TURN);
      await speak(recording, 5);
      refuseFor(seconds, code, WRITES);
      expect(await speak(recording, seconds + 10, 250)).toBe((seconds + 10) * 50);
      expect(await recording.finish()).toMatchObject({ complete: true, duration_s: seconds + 15 });
      expectOnDisk((seconds + 15) * 16_000);
      expect(delays()).toEqual([reportedCode, null]);
      expect(problems()).toEqual([]);
    },
  );

  test('H50 stalls for 70 s: every sample is written in the end', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    const stalled = new Promise<void>((resolve) => setTimeout(resolve, 70_000));
    disk.failureOf = (operation) => (operation === 'write' ? stalled : null);
    expect(await speak(recording, 80, 250)).toBe(80 * 50);
    expect(await recording.finish()).toMatchObject({ complete: true, duration_s: 85 });
    expectOnDisk(85 * 16_000);
    expect(problems()).toEqual([]);
  });

  test('H50 is full when the turn begins: the file is created as soon as there is space', async () => {
    refuseFor(4, 'ENOSPC', WRITES);
    const recording = recordings.begin(TURN);
    expect(await speak(recording, 10)).toBe(500);
    expect(await recording.finish()).toMatchObject({ complete: true, duration_s: 10 });
    expectOnDisk(160_000);
    expect(delays()).toEqual(['disk_full', null]);
  });

  test('H50 is full at the stop: finish waits until there is space', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    refuseFor(30, 'ENOSPC', WRITES);
    await speak(recording, 2, 250);
    const end = recording.finish();
    await vi.runAllTimersAsync();
    expect(await end).toMatchObject({ complete: true, duration_s: 7 });
    expectOnDisk(7 * 16_000);
    expect(delays()).toEqual(['disk_full', null]);
  });

  test.each([
    ['is full when the file is finished', 'ENOSPC'],
    ['returns an I/O error when the file is finished', 'EIO'],
  ])('H50 %s: finish retries until the file is on the disk', async (_, code) => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    refuseFor(20, code, ['datasync']);
    const end = recording.finish();
    await vi.runAllTimersAsync();
    expect(await end).toMatchObject({ complete: true, duration_s: 5 });
    expectOnDisk(80_000);
    expect(delays()).toEqual([expect.stringMatching(/^disk_/), null]);
  });

  test('H50 does not answer when the file is finished: the end of the turn has a time limit', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    disk.failureOf = (operation) => (operation === 'datasync' ? new Promise(() => {}) : null);
    const end = expect(recording.finish()).rejects.toMatchObject({ code: 'recording_failed' });
    await vi.runAllTimersAsync();
    await end;
    expectOnDisk(80_000);
    expect(problems()).toEqual(['recording_failed']);
  });

  test('H50 accepts only every third write: each failed write is repeated at its position', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    let attempts = 0;
    disk.failureOf = (operation, path) => {
      if (operation !== 'write' || path !== WAV) return null;
      return ++attempts % 3 === 0 ? null : 'ENOSPC';
    };
    await speak(recording, 10, 250);
    disk.failureOf = () => null;
    expect(await recording.finish()).toMatchObject({ complete: true, duration_s: 15 });
    expectOnDisk(15 * 16_000);
  });

  test('H50 stays full: after two minutes of audio in memory the recording ends, and the reason is reported and in the JSON', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    disk.failureOf = (operation) => (['write', 'open'].includes(operation) ? 'ENOSPC' : null);
    const kept = await speak(recording, 130, 250);
    expect(kept / FRAMES_PER_SECOND).toBeGreaterThan(119);
    expect(kept / FRAMES_PER_SECOND).toBeLessThan(122);
    expect(problems()).toEqual(['disk_full']);
    await expect(recording.finish()).rejects.toMatchObject({ code: 'disk_full' });
    await expect(recording.finish()).rejects.toMatchObject({ code: 'disk_full' });
    expect(problems()).toEqual(['disk_full']);
    expect(delays(), 'the end of a delay would say that all is on the disk').toEqual(['disk_full']);
    expectOnDisk(80_000);
    expect(description()).toMatchObject({ complete: false, ended_early: 'disk_full', duration_s: 5 });
  });

  test('H50 never answers: after two minutes of audio the recording ends, and the end of the turn does not wait', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    let answer = () => {};
    const stalled = new Promise<void>((resolve) => {
      answer = resolve;
    });
    disk.failureOf = (operation) => (operation === 'write' ? stalled : null);
    await speak(recording, 125, 250);
    expect(problems()).toEqual(['recording_failed']);
    await expect(recording.finish()).rejects.toMatchObject({ code: 'recording_failed' });
    answer();
    await vi.runAllTimersAsync();
    // The last write succeeded in the end, so the header counts it.
    expect(samplesOnDisk().length).toBeGreaterThanOrEqual(80_000);
    expect(problems()).toEqual(['recording_failed']);
  });

  test('H50 is full when the app ends: the end is not delayed', async () => {
    const recording = recordings.begin(TURN);
    await speak(recording, 5);
    disk.failureOf = (operation) => (operation === 'write' ? 'ENOSPC' : null);
    await speak(recording, 3, 250);
    await recordings.close();
    expect(problems()).toEqual(['disk_full']);
    expectOnDisk(80_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H50 the turn after one that ended early is saved', async () => {
    const first = recordings.begin(TURN);
    disk.failureOf = (operation) => (operation === 'open' ? 'EROFS' : null);
    await speak(first, 125);
    await expect(first.finish()).rejects.toMatchObject({ code: 'recording_failed' });
    expect([...disk.files.keys()]).toEqual([]);
    disk.failureOf = () => null;
    const next = recordings.begin({ ...TURN, turn: 2 });
    await speak(next, 1);
    expect(await next.finish()).toMatchObject({ turn: 2, complete: true, duration_s: 1 });
  });
});
