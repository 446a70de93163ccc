import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CaptureReport } from './capture-processor.ts';
import { createCaptureThread } from './capture-thread.ts';

class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  readonly ports: MessagePort[] = [];
  terminated = false;
  postMessage(port: MessagePort): void {
    this.ports.push(port);
  }
  terminate(): void {
    this.terminated = true;
  }
  load(): this {
    this.onmessage?.({ data: 'loaded' });
    return this;
  }
}

let workers: FakeWorker[] = [];
const ports: { close(): void }[] = [];
beforeEach(() => {
  workers = [];
});
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function start(mayLoad = () => true) {
  const thread = createCaptureThread({
    mayLoad,
    createWorker() {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  return {
    thread,
    open() {
      const [onReport, onError] = [vi.fn<(report: CaptureReport) => void>(), vi.fn<(error: Error) => void>()];
      const port = thread.open({ onReport, onError });
      ports.push(port);
      return { port, onReport, onError };
    },
  };
}

test('H66 its code is loaded once, before the first capture, and not from another program that answers later', async () => {
  let isHost = true;
  const { thread, open } = start(() => isHost);
  thread.load();
  workers[0]?.load();
  isHost = false;
  for (let i = 1; i <= 3; i++) {
    const capture = open();
    const [worker] = workers;
    expect([workers.length, worker?.ports.length]).toEqual([1, i]);
    worker?.ports.at(-1)?.postMessage({ type: 'started', sampleRate: 48_000 });
    await vi.waitFor(() =>
      expect(capture.onReport).toHaveBeenCalledExactlyOnceWith({ type: 'started', sampleRate: 48_000 }),
    );
    // An error of a loaded worker ends the capture, but does not load another worker.
    worker?.onerror?.({ message: 'a mistake' });
    expect(capture.onError).toHaveBeenCalledOnce();
    capture.port.close();
  }
});

test('H66 after a failed load it is loaded again, only from the host', async () => {
  let isHost = true;
  const { thread, open } = start(() => isHost);
  thread.load();
  workers[0]?.onerror?.({ message: '404' });
  isHost = false;
  const refused = open();
  expect(refused.onError).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(refused.onError).toHaveBeenCalledOnce());
  refused.port.close();
  expect(workers).toHaveLength(1);
  isHost = true;
  open();
  expect([workers.length, workers[1]?.ports.length]).toEqual([2, 1]);
});

test.each([
  ['is refused or not there', (worker: FakeWorker | undefined) => worker?.onerror?.({ message: '' })],
  ['does not come', () => vi.advanceTimersByTime(10_000)],
])(
  'H69 a worker whose file %s is a part of the window that did not load, and the next capture loads it again',
  (_, breakIt) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { open } = start();
    const capture = open();
    breakIt(workers[0]);
    expect(capture.onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'part_not_loaded' }));
    expect(workers[0]?.terminated).toBe(true);
    capture.port.close();
    expect(vi.getTimerCount()).toBe(0);
    const next = open();
    expect(workers).toHaveLength(2);
    workers[1]?.load();
    vi.advanceTimersByTime(10_000);
    expect(next.onError).not.toHaveBeenCalled();
    next.port.close();
    vi.useRealTimers();
  },
);

test('a worker that can’t be loaded is reported to every waiting capture', () => {
  const { open } = start();
  const [one, two, gone] = [open(), open(), open()];
  gone.port.close();
  workers[0]?.onerror?.({ message: '' });
  expect([one, two, gone].map(({ onError }) => onError.mock.calls.length)).toEqual([1, 1, 0]);
});

test('each capture has its own port in both directions, and receives no events after its close', async () => {
  const { open } = start();
  const [one, two] = [open(), open()];
  const received = vi.fn();
  const workerPort = workers[0]?.ports[0];
  if (!workerPort) throw new Error('no port');
  workerPort.onmessage = ({ data }) => received(data);
  one.port.send({ type: 'flush' });
  await vi.waitFor(() => expect(received).toHaveBeenCalledExactlyOnceWith({ type: 'flush' }));
  workerPort.postMessage({ type: 'flushed' });
  await vi.waitFor(() => expect(one.onReport).toHaveBeenCalledOnce());
  one.port.close();
  await vi.waitFor(() => expect(received).toHaveBeenLastCalledWith({ type: 'close' }));
  workerPort.postMessage({ type: 'flushed' });
  workers[0]?.ports[1]?.postMessage({ type: 'dropped' });
  await vi.waitFor(() => expect(two.onReport).toHaveBeenCalledExactlyOnceWith({ type: 'dropped' }));
  expect(one.onReport).toHaveBeenCalledOnce();
});
