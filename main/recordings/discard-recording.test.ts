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

/** A disk in memory, parts of which may be held up or refuse. */
class SlowDisk extends MemoryDisk {
  /** What comes before a file is written or removed. */
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

/** A turn of 0.1 s, stopped once its first sample has made the file. */
async function stopShort(): Promise<{ isOver: () => boolean; end: Promise<RecordingInfo | null> }> {
  const recording = createRecordings({
    dir: '/recordings',
    disk,
    keepsShort: () => false,
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

test('H61 the JSON of a turn that is discarded is still being written: it is waited for, and no file is left', async () => {
  let goOn = () => {};
  disk.before = (operation) =>
    operation === 'rename' ? new Promise((resolve) => (goOn = resolve)) : Promise.resolve();
  const { isOver, end } = await stopShort();
  expect(left()).toEqual([WAV, `${JSON_FILE}.tmp`]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([isOver(), left()]).toEqual([false, [`${JSON_FILE}.tmp`]]);
  expect(onDiscarded).not.toHaveBeenCalled();
  goOn();
  expect(await end).toBeNull();
  expect(left()).toEqual([]);
  expect(onDiscarded).toHaveBeenCalledExactlyOnceWith(0.1, TURN);
});

test('H61 a write of the JSON that takes for ever holds up nothing, and what it leaves is removed when it ends', async () => {
  let goOn = () => {};
  disk.before = (operation) =>
    operation === 'writeFile' ? new Promise((resolve) => (goOn = resolve)) : Promise.resolve();
  const { isOver, end } = await stopShort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([isOver(), left(), await end]).toEqual([true, [], null]);
  expect(onDiscarded).toHaveBeenCalledOnce();
  goOn();
  await vi.advanceTimersByTimeAsync(0);
  expect(disk.changes.slice(-3)).toEqual([`write ${JSON_FILE}.tmp`, `write ${JSON_FILE}`, `unlink ${JSON_FILE}`]);
  expect(left()).toEqual([]);
});

test.each([WAV, JSON_FILE])('H61 a virus scanner holds %s for a while: the next try removes it', async (held) => {
  let refused = 0;
  disk.before = async (operation, path) => {
    if (operation === 'unlink' && path === held && refused++ < 3) throw refusal('EBUSY');
  };
  const { end } = await stopShort();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([await end, left(), refused]).toEqual([null, [], 4]);
  expect(onDiscarded).toHaveBeenCalledOnce();
  expect(onProblem).not.toHaveBeenCalled();
});

test('H61 another program has removed the WAV by then: it is discarded all the same', async () => {
  disk.before = async (operation, path) => {
    if (operation === 'unlink' && path === WAV) disk.files.delete(WAV);
  };
  const { end } = await stopShort();
  expect([await end, left()]).toEqual([null, []]);
  expect(onDiscarded).toHaveBeenCalledOnce();
});

test('H61 the WAV can not be removed at all: the turn is saved, and not said to be discarded', async () => {
  disk.before = async (operation) => {
    if (operation === 'unlink') throw refusal('EPERM');
  };
  const { end } = await stopShort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await end).toMatchObject({ complete: true, duration_s: 0.1 });
  expect(left().sort()).toEqual([JSON_FILE, WAV]);
  expect(onSaved).toHaveBeenCalledOnce();
  expect(onDiscarded).not.toHaveBeenCalled();
});

test('H61 the disk never says whether the WAV is removed: the turn ends all the same, neither saved nor discarded', async () => {
  disk.before = (operation) => (operation === 'unlink' ? new Promise(() => {}) : Promise.resolve());
  const { end } = await stopShort();
  const ended = expect(end).rejects.toMatchObject({ code: 'recording_failed' });
  await vi.advanceTimersByTimeAsync(60_000);
  await ended;
  expect(onProblem).toHaveBeenCalledOnce();
  expect([onSaved.mock.calls, onDiscarded.mock.calls]).toEqual([[], []]);
});
