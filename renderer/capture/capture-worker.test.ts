import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeCapturePort } from '../testing/fake-capture-port.ts';
import type { CaptureReport } from './capture-processor.ts';

/** A chunk of a track: samples of one value, on each channel. */
class FakeChunk {
  closed = false;
  constructor(
    readonly value: number,
    readonly numberOfFrames = 480,
    readonly sampleRate = 48_000,
    readonly numberOfChannels = 1,
  ) {}
  copyTo(target: Float32Array): void {
    if (this.closed) throw new Error('the chunk is closed');
    target.fill(this.value);
  }
  close(): void {
    this.closed = true;
  }
}

/** The worker's scope, and a track that the test feeds. */
async function startWorker() {
  const scope = globalThis as unknown as { onmessage: (event: { data: FakeCapturePort }) => void };
  const posted = vi.fn();
  vi.stubGlobal('postMessage', posted);
  await import('./capture-worker.ts');
  expect(posted.mock.calls).toEqual([['loaded']]);
  const port = new FakeCapturePort();
  scope.onmessage({ data: port });
  let feed: ReadableStreamDefaultController<FakeChunk> | undefined;
  const cancelled = vi.fn();
  const readable = new ReadableStream<FakeChunk>({
    start: (controller) => {
      feed = controller;
    },
    cancel: cancelled,
  });
  port.send({ type: 'read', readable: readable as unknown as ReadableStream<AudioData>, channel: 0 });
  return {
    reports: port.reports,
    lengths: () => port.lengths,
    types: () => port.types,
    /** Delivers 10 ms chunks in real time. */
    async deliver(count: number, create = () => new FakeChunk(0.5)): Promise<FakeChunk[]> {
      const delivered: FakeChunk[] = [];
      for (let i = 0; i < count; i++) {
        const chunk = create();
        delivered.push(chunk);
        feed?.enqueue(chunk);
        await vi.advanceTimersByTimeAsync(10);
      }
      return delivered;
    },
    end: () => feed?.close(),
    fail: () => feed?.error(new Error('the track was lost')),
    flush: () => port.send({ type: 'flush' }),
    close: () => port.send({ type: 'close' }),
    port,
    cancelled,
    /** Opens another capture of the same worker. */
    openAnother(): CaptureReport[] {
      const other = new FakeCapturePort();
      scope.onmessage({ data: other });
      other.send({ type: 'flush' });
      return other.reports;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('reports the device’s rate with the first chunk, then sends frames of 20 ms; each chunk is closed', async () => {
  const worker = await startWorker();
  expect(worker.reports).toEqual([]);
  const chunks = await worker.deliver(11);
  expect(worker.reports[0]).toEqual({ type: 'started', sampleRate: 48_000 });
  expect(worker.lengths()).toEqual([320, 320, 320, 320, 320]);
  expect(chunks.every((chunk) => chunk.closed)).toBe(true);
});

test('H61 audio that arrives within 60 ms after the press is recorded, and nothing after it', async () => {
  const worker = await startWorker();
  await worker.deliver(10);
  worker.flush();
  await worker.deliver(20);
  const samples = worker.lengths().reduce((sum, length) => sum + length, 0);
  expect(samples).toBeGreaterThanOrEqual(16 * 150);
  expect(samples).toBeLessThanOrEqual(16 * 170);
  expect(worker.types().at(-1)).toBe('flushed');
  expect(worker.types().filter((type) => type === 'flushed')).toHaveLength(1);
});

test('a flush before any audio is answered', async () => {
  const worker = await startWorker();
  worker.flush();
  await vi.advanceTimersByTimeAsync(60);
  expect(worker.types()).toEqual(['flushed']);
});

test('a worker that was blocked for 3 s reports a gap of that length', async () => {
  const worker = await startWorker();
  await worker.deliver(100);
  await vi.advanceTimersByTimeAsync(3_000);
  await worker.deliver(100);
  const gaps = worker.reports.flatMap((report) => (report.type === 'gap' ? [report.ms] : []));
  expect(gaps).toHaveLength(1);
  expect(Math.abs((gaps[0] ?? 0) - 3_000)).toBeLessThan(250);
});

test('a change of the device’s rate loses nothing, and no frame in the middle is short', async () => {
  const worker = await startWorker();
  await worker.deliver(100);
  await worker.deliver(100, () => new FakeChunk(0.5, 160, 16_000));
  worker.end();
  worker.flush();
  await vi.advanceTimersByTimeAsync(60);
  const lengths = worker.lengths();
  expect(lengths.slice(0, -1).every((length) => length === 320)).toBe(true);
  expect(Math.abs(lengths.reduce((sum, length) => sum + length, 0) - 32_000)).toBeLessThan(32);
});

test('an unreadable track is reported', async () => {
  const worker = await startWorker();
  worker.fail();
  await vi.advanceTimersByTimeAsync(0);
  expect(worker.reports).toEqual([{ type: 'failed', reason: 'Error: the track was lost' }]);
});

test('a closed capture discards its audio until the track ends, without cancelling it; the worker serves other captures', async () => {
  const worker = await startWorker();
  await worker.deliver(10);
  const reported = worker.reports.length;
  worker.close();
  await vi.advanceTimersByTimeAsync(0);
  expect(worker.port.closed).toBe(true);
  const rest = await worker.deliver(10);
  expect(rest.every((chunk) => chunk.closed)).toBe(true);
  worker.end();
  expect(worker.cancelled).not.toHaveBeenCalled();
  worker.flush();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(worker.reports).toHaveLength(reported);
  const others = worker.openAnother();
  await vi.advanceTimersByTimeAsync(60);
  expect(others).toEqual([{ type: 'flushed' }]);
});
