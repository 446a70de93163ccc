import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeAudioFileWorkers } from '../testing/fake-audio-file-worker.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerTask } from './worker-messages.ts';

const TASK: WorkerTask = { type: 'export', url: 'http://page/recordings/s/a.wav', format: 'flac' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function setUp(isHostProven = true) {
  const { workers, createWorker } = fakeAudioFileWorkers(false);
  const controller = new AbortController();
  const start = () => startWorker(TASK, controller.signal, { isHostProven: async () => isHostProven, createWorker });
  return { workers, start, controller };
}

test('H66 no code is loaded unless the host has just proven that it has its port', async () => {
  const { start, workers } = setUp(false);
  await expect(start()).rejects.toThrow('did not prove');
  expect(workers).toEqual([]);
});

test('reports come in order, also those from before an error', async () => {
  const { start, workers } = setUp();
  const worker = await start();
  expect(workers[0]?.sent).toEqual(['export']);
  const waiting = worker.next();
  workers[0]?.onmessage?.({ data: { type: 'loaded' } });
  workers[0]?.onmessage?.({ data: { type: 'progress', part: 0.1 } });
  workers[0]?.onmessage?.({ data: { type: 'progress', part: 0.2 } });
  workers[0]?.onmessage?.({ data: { type: 'failed', code: 'export_unsupported', reason: 'no encoder' } });
  expect(await waiting).toEqual({ type: 'progress', part: 0.1 });
  expect(await worker.next()).toEqual({ type: 'progress', part: 0.2 });
  await expect(worker.next()).rejects.toMatchObject({ code: 'export_unsupported', cause: { message: 'no encoder' } });
  worker.end();
  expect(workers[0]?.terminated).toBe(true);
});

test.each([
  [
    'is not there',
    (worker?: { onerror: ((event: { message: string }) => void) | null }) => worker?.onerror?.({ message: '' }),
  ],
  ['does not come', () => vi.advanceTimersByTime(10_000)],
])('a worker whose file %s fails', async (_why, breakIt) => {
  const { start, workers } = setUp();
  const worker = await start();
  const report = worker.next();
  breakIt(workers[0]);
  await expect(report).rejects.toThrow(/loaded/);
  worker.end();
});

test('a worker that works for longer than loading may take goes on', async () => {
  const { start, workers } = setUp();
  const worker = await start();
  workers[0]?.onmessage?.({ data: { type: 'loaded' } });
  vi.advanceTimersByTime(60_000);
  workers[0]?.onmessage?.({ data: { type: 'imported' } });
  expect(await worker.next()).toEqual({ type: 'imported' });
  worker.end();
});

test('a cancelled worker ends at once, with the reason of the signal, and what it still sends is ignored', async () => {
  const { start, workers, controller } = setUp();
  const worker = await start();
  const report = worker.next();
  const [created] = workers;
  controller.abort(new Error('cancelled by the user'));
  await expect(report).rejects.toThrow('cancelled by the user');
  expect(created?.terminated).toBe(true);
  expect(created?.onmessage).toBeNull();
  await expect(worker.next()).rejects.toThrow('cancelled by the user');
  await expect(start()).rejects.toThrow('cancelled by the user');
  expect(workers).toHaveLength(1);
});
