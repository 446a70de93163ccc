import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { createRecordings } from './recordings.ts';

const TURN = { sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt: new Date('2026-11-22T19:26:03.123Z') };
const WAV = '/recordings/2026-11-22T19-26-03-123Z_k3J9xQ2a_t1.wav';
const JSON_FILE = WAV.replace('.wav', '.json');
/** 0.1 s. */
const SHORT = new Uint8Array(3_200).fill(1);

/** A disk in memory whose operations may be delayed or fail. */
class SlowDisk extends MemoryDisk {
  /** Runs before a file is written or removed. */
  before: (operation: 'writeFile' | 'rename' | 'unlink', path: string) => Promise<void> = async () => {};

  override async writeFile(path: string, text: string): Promise<void> {
    await this.before('writeFile', path);
    return super.writeFile(path, text);
  }

  override async rename(from: string, to: string): Promise<void> {
    await this.before('rename', to);
    return super.rename(from, to);
  }

  override async unlink(path: string): Promise<void> {
    await this.before('unlink', path);
    return super.unlink(path);
  }
}

let disk: SlowDisk;
const onDiscarded = vi.fn<(duration_s: number) => void>();
const onSaved = vi.fn<(info: RecordingInfo) => void>();
const onProblem = vi.fn<(error: EarshotError) => void>();
const onDelay = vi.fn<(error: EarshotError | null) => void>();
beforeEach(() => {
  vi.useFakeTimers();
  for (const listener of [onDiscarded, onSaved, onProblem, onDelay]) listener.mockReset();
  disk = new SlowDisk();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A turn of 0.1 s that is stopped once its first sample has created the file. */
async function stopShortTurn(): Promise<{ isOver: () => boolean; end: Promise<RecordingInfo | null> }> {
  const recording = createRecordings({
    dir: '/recordings',
    disk,
    keepShortRecordings: () => false,
    onSaved,
    onDiscarded,
    onProblem,
    onDelay,
  }).begin(TURN);
  recording.write(SHORT);
  await vi.advanceTimersByTimeAsync(0);
  let over = false;
  const end = recording.finish('stopped').finally(() => {
    over = true;
  });
  return { isOver: () => over, end };
}

const refusal = (code: string) => Object.assign(new Error(code), { code });
const left = () => [...disk.files.keys()];

test('H61 waits for the current write of the JSON of a discarded turn, and leaves no file', async () => {
  let finishWrite = () => {};
  disk.before = (operation) =>
    operation === 'rename' ? new Promise((resolve) => (finishWrite = resolve)) : Promise.resolve();
  const { isOver, end } = await stopShortTurn();
  expect(left()).toEqual([WAV, `${JSON_FILE}.tmp`]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([isOver(), left()]).toEqual([false, [`${JSON_FILE}.tmp`]]);
  expect(onDiscarded).not.toHaveBeenCalled();
  finishWrite();
  expect(await end).toBeNull();
  expect(left()).toEqual([]);
  expect(onDiscarded).toHaveBeenCalledExactlyOnceWith(0.1, TURN);
});

test('H61 does not wait for a write of the JSON that does not end, and removes the file if it ends later', async () => {
  let finishWrite = () => {};
  disk.before = (operation) =>
    operation === 'writeFile' ? new Promise((resolve) => (finishWrite = resolve)) : Promise.resolve();
  const { isOver, end } = await stopShortTurn();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([isOver(), left(), await end]).toEqual([true, [], null]);
  expect(onDiscarded).toHaveBeenCalledOnce();
  finishWrite();
  await vi.advanceTimersByTimeAsync(0);
  expect(disk.changes.slice(-3)).toEqual([`write ${JSON_FILE}.tmp`, `write ${JSON_FILE}`, `unlink ${JSON_FILE}`]);
  expect(left()).toEqual([]);
});

test.each([WAV, JSON_FILE])('H61 retries the removal of %s while a virus scanner holds it', async (held) => {
  let refused = 0;
  disk.before = async (operation, path) => {
    if (operation === 'unlink' && path === held && refused++ < 3) throw refusal('EBUSY');
  };
  const { end } = await stopShortTurn();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([await end, left(), refused]).toEqual([null, [], 4]);
  expect(onDiscarded).toHaveBeenCalledOnce();
  expect(onProblem).not.toHaveBeenCalled();
});

test('H61 discards a turn whose WAV another program has already removed', async () => {
  disk.before = async (operation, path) => {
    if (operation === 'unlink' && path === WAV) disk.files.delete(WAV);
  };
  const { end } = await stopShortTurn();
  expect([await end, left()]).toEqual([null, []]);
  expect(onDiscarded).toHaveBeenCalledOnce();
});

test('H61 saves the turn, and does not report it as discarded, if the WAV cannot be removed', async () => {
  disk.before = async (operation) => {
    if (operation === 'unlink') throw refusal('EPERM');
  };
  const { end } = await stopShortTurn();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await end).toMatchObject({ complete: true, duration_s: 0.1 });
  expect(left().sort()).toEqual([JSON_FILE, WAV]);
  expect(onSaved).toHaveBeenCalledOnce();
  expect(onDiscarded).not.toHaveBeenCalled();
});

test('H61 ends the turn, neither saved nor discarded, if the disk never confirms the removal of the WAV', async () => {
  disk.before = (operation) => (operation === 'unlink' ? new Promise(() => {}) : Promise.resolve());
  const { end } = await stopShortTurn();
  const ended = expect(end).rejects.toMatchObject({ code: 'recording_failed' });
  await vi.advanceTimersByTimeAsync(60_000);
  await ended;
  expect(onProblem).toHaveBeenCalledOnce();
  expect([onSaved.mock.calls, onDiscarded.mock.calls]).toEqual([[], []]);
});
