import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CaptureReport, CaptureRequest } from './capture-processor.ts';
import { CaptureStream, hasTrackProcessor } from './capture-stream.ts';
import type { CapturePort, CapturePortEvents, CaptureThread } from './capture-thread.ts';

/** The worker's end of one capture. */
class FakeThread implements CapturePort {
  readonly sent: CaptureRequest[] = [];
  events: CapturePortEvents | null = null;
  closed = false;
  answersNothing = false;
  send(request: CaptureRequest): void {
    this.sent.push(request);
    if (request.type === 'flush' && !this.answersNothing) setTimeout(() => this.report({ type: 'flushed' }), 60);
  }
  close(): void {
    this.closed = true;
  }
  report(report: CaptureReport): void {
    this.events?.onReport(report);
  }
}

const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'MediaStreamTrackProcessor',
    class {
      readonly readable = {};
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function capture() {
  const events = { onFrame: vi.fn(), onGap: vi.fn(), onStall: vi.fn(), onFailed: vi.fn() };
  const worker = new FakeThread();
  const thread: CaptureThread = {
    load: () => undefined,
    open(portEvents) {
      worker.events = portEvents;
      return worker;
    },
  };
  const opened = new CaptureStream(events, thread);
  return { capture: opened, worker, events };
}

async function connected() {
  const all = capture();
  const connecting = all.capture.connect(stream);
  all.worker.report({ type: 'started', sampleRate: 48_000 });
  await connecting;
  return all;
}

test('is used if the browser supports it', () => {
  expect(hasTrackProcessor()).toBe(true);
  vi.unstubAllGlobals();
  expect(hasTrackProcessor()).toBe(false);
});

test('connects when the first sound arrives, and then knows the device’s rate', async () => {
  const { capture: opened, worker } = capture();
  let done = false;
  const connecting = opened.connect(stream).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(done).toBe(false);
  worker.report({ type: 'started', sampleRate: 16_000 });
  await connecting;
  expect(opened.sampleRate).toBe(16_000);
});

test('H53 a microphone that delivers no sound within 10 s fails with its own problem', async () => {
  const { capture: opened } = capture();
  const failed = expect(opened.connect(stream)).rejects.toMatchObject({ code: 'mic_no_sound' });
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
});

test('delivers frames and gaps in order', async () => {
  const { worker, events } = await connected();
  worker.report({ type: 'frame', pcm: new Int16Array(320), isLast: false });
  worker.report({ type: 'gap', ms: 3_000 });
  expect(events.onFrame).toHaveBeenCalledExactlyOnceWith(new Int16Array(320));
  expect(events.onGap).toHaveBeenCalledExactlyOnceWith(3_000);
});

test('a flush waits for pending frames, and at most 250 ms for a worker that does not answer', async () => {
  const { capture: opened, worker } = await connected();
  const flushed = opened.flush();
  await vi.advanceTimersByTimeAsync(60);
  await flushed;
  worker.answersNothing = true;
  const unanswered = opened.flush();
  await vi.advanceTimersByTimeAsync(250);
  await unanswered;
});

test('H52 a suspended source is reported within a second, does not end the capture, and its silence is a growing gap', async () => {
  const { worker, events } = await connected();
  worker.report({ type: 'frame', pcm: new Int16Array(320), isLast: false });
  await vi.advanceTimersByTimeAsync(750);
  expect(events.onStall.mock.calls).toEqual([[true]]);
  await vi.advanceTimersByTimeAsync(59_250);
  expect(events.onFailed).not.toHaveBeenCalled();
  const gapTotal = () => events.onGap.mock.calls.reduce((sum, [ms]) => sum + ms, 0);
  expect(gapTotal()).toBeGreaterThan(59_000);
  expect(gapTotal()).toBeLessThan(60_000);
  // The worker reports the total length; the part that was already reported is not repeated.
  worker.report({ type: 'gap', ms: 60_020 });
  expect(gapTotal()).toBe(60_020);
  expect(events.onStall).toHaveBeenCalledOnce();
  worker.report({ type: 'frame', pcm: new Int16Array(320), isLast: false });
  expect(events.onStall.mock.calls).toEqual([[true], [false]]);
});

test('two minutes without audio end the capture, reported once', async () => {
  const { events } = await connected();
  await vi.advanceTimersByTimeAsync(119_000);
  expect(events.onFailed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(events.onFailed).toHaveBeenCalledOnce();
});

test.each([
  ['does not load', (worker: FakeThread) => worker.events?.onError(new Error('404'))],
  ['can not read the track', (worker: FakeThread) => worker.report({ type: 'failed', reason: 'the track was lost' })],
])('a worker that %s before the first sound fails the start, and ends a capture that runs', async (_, breakIt) => {
  const { capture: opened, worker } = capture();
  const failed = expect(opened.connect(stream)).rejects.toThrow();
  breakIt(worker);
  await failed;
  const later = await connected();
  breakIt(later.worker);
  expect(later.events.onFailed).toHaveBeenCalledOnce();
});

test('after close no event follows, no timer is left, and the worker is notified', async () => {
  const { capture: opened, worker, events } = await connected();
  await opened.close();
  worker.report({ type: 'frame', pcm: new Int16Array(320), isLast: false });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(events.onFrame).not.toHaveBeenCalled();
  expect(events.onFailed).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  expect(worker.closed).toBe(true);
});

test('a close while waiting for the first sound ends the wait', async () => {
  const { capture: opened } = capture();
  const connecting = opened.connect(stream);
  await opened.close();
  await connecting;
});
