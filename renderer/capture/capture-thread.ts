import type { CaptureReport, CaptureRequest } from './capture-processor.ts';
import { LOAD_TIMEOUT_MS } from './capture-timeouts.ts';
import type { WorkerReport } from './capture-worker.ts';
import { partNotLoaded } from './mic-problem.ts';

/** One capture's line to the worker. */
export interface CapturePort {
  ask(request: CaptureRequest, transfer?: Transferable[]): void;
  /** The capture is over: nothing more is told. */
  close(): void;
}

export interface CapturePortEvents {
  onReport(report: CaptureReport): void;
  /** The worker could not be loaded within 10 s (`part_not_loaded`), or made a mistake. */
  onError(error: Error): void;
}

/** The worker that reads the sound of all captures of this page. */
export interface CaptureThread {
  /**
   * Loads it, if that has not been done. To be called as soon as the host is known: whoever serves its code gets the sound,
   * and at a press the page's port may be another program's.
   */
  load(): void;
  /** Begins a capture. What goes wrong is told by `onError`, never thrown. */
  open(events: CapturePortEvents): CapturePort;
}

export interface CaptureThreadOptions {
  /** Whether code may be loaded now: in a browser tab only while its host stands. Default: always. */
  mayLoad?: () => boolean;
  createWorker?: () => Worker;
}

/** @returns a worker that is loaded once, and again only after it could not be loaded */
export function createCaptureThread(options: CaptureThreadOptions = {}): CaptureThread {
  const { mayLoad = () => true, createWorker = newWorker } = options;
  const captures = new Set<CapturePortEvents>();
  let worker: Worker | null = null;
  let loaded = false;

  function fail(error: Error): void {
    for (const { onError } of [...captures]) onError(error);
  }

  /** The next capture loads another one. */
  function discard(cause?: Error): void {
    worker?.terminate();
    worker = null;
    fail(partNotLoaded(cause));
  }

  function load(): Worker | null {
    if (worker !== null || !mayLoad()) return worker;
    const mine = createWorker();
    worker = mine;
    loaded = false;
    mine.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
      loaded ||= data === 'loaded';
    };
    mine.onerror = ({ message }) => {
      const error = new Error(message || 'the worker could not be loaded');
      if (loaded) fail(error);
      else discard(error);
    };
    return worker;
  }

  return {
    load: () => void load(),
    open(events) {
      captures.add(events);
      const { port1: port, port2: theirs } = new MessageChannel();
      port.onmessage = ({ data }: MessageEvent<CaptureReport>) => events.onReport(data);
      const thread = load();
      if (thread === null) {
        // Later, as every other failure of a load.
        queueMicrotask(() => {
          if (captures.has(events)) events.onError(partNotLoaded(new Error('its host is not there')));
        });
      } else thread.postMessage(theirs, [theirs]);
      const timeout = setTimeout(() => {
        if (!loaded && worker !== null && worker === thread) discard();
      }, LOAD_TIMEOUT_MS);
      return {
        ask: (request, transfer = []) => port.postMessage(request, transfer),
        close() {
          clearTimeout(timeout);
          captures.delete(events);
          port.onmessage = null;
          port.postMessage({ type: 'close' } satisfies CaptureRequest);
          port.close();
        },
      };
    },
  };
}

function newWorker(): Worker {
  return new Worker(new URL('./capture-worker.ts', import.meta.url), { type: 'module' });
}
