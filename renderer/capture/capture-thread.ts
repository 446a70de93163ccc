import type { CaptureReport, CaptureRequest } from './capture-processor.ts';
import { LOAD_TIMEOUT_MS } from './capture-timeouts.ts';
import type { WorkerReport } from './capture-worker.ts';
import { partNotLoaded } from './mic-problem.ts';

/** One capture's message port to the worker. */
export interface CapturePort {
  send(request: CaptureRequest, transfer?: Transferable[]): void;
  /** Ends the capture; no event follows. */
  close(): void;
}

export interface CapturePortEvents {
  onReport(report: CaptureReport): void;
  /** The worker could not be loaded within 10 s (`part_not_loaded`), or threw an error. */
  onError(error: Error): void;
}

/** The worker that reads the audio of all captures of this page. */
export interface CaptureThread {
  /**
   * Loads the worker unless it is loaded. Call this while the host is known to be genuine: the worker's code receives
   * the audio, and by the time of a press another program may own the page's port.
   */
  load(): void;
  /** Starts a capture. Never throws; errors are passed to `onError`. */
  open(events: CapturePortEvents): CapturePort;
}

export interface CaptureThreadOptions {
  /** Whether code may be loaded now: in a browser tab only while its host is connected. Default: always. */
  mayLoad?: () => boolean;
  createWorker?: () => Worker;
}

/** Creates the capture thread. The worker is loaded once, and again only after loading failed. */
export function createCaptureThread(options: CaptureThreadOptions = {}): CaptureThread {
  const { mayLoad = () => true, createWorker = newWorker } = options;
  const captures = new Set<CapturePortEvents>();
  let worker: Worker | null = null;
  let loaded = false;

  function fail(error: Error): void {
    for (const { onError } of [...captures]) onError(error);
  }

  /** Discards a worker that did not load; the next capture loads a new one. */
  function discard(cause?: Error): void {
    worker?.terminate();
    worker = null;
    fail(partNotLoaded(cause));
  }

  function load(): Worker | null {
    if (worker !== null || !mayLoad()) return worker;
    const created = createWorker();
    worker = created;
    loaded = false;
    created.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
      loaded ||= data === 'loaded';
    };
    created.onerror = ({ message }) => {
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
      const { port1: port, port2: workerPort } = new MessageChannel();
      port.onmessage = ({ data }: MessageEvent<CaptureReport>) => events.onReport(data);
      const thread = load();
      if (thread === null) {
        // Asynchronously, like other load failures.
        queueMicrotask(() => {
          if (captures.has(events)) events.onError(partNotLoaded(new Error('the host is not connected')));
        });
      } else thread.postMessage(workerPort, [workerPort]);
      const timeout = setTimeout(() => {
        if (!loaded && worker !== null && worker === thread) discard();
      }, LOAD_TIMEOUT_MS);
      return {
        send: (request, transfer = []) => port.postMessage(request, transfer),
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
