import { LOAD_TIMEOUT_MS } from '../capture/capture-timeouts.ts';
import { AudioFileError } from './audio-file-error.ts';
import type { PageAnswer, WorkerReport, WorkerTask } from './worker-messages.ts';

export interface WorkerDependencies {
  /**
   * Whether the host proves at this moment that it has the page's port. Otherwise no code is loaded from there: another
   * program may own the port.
   */
  isHostProven(): Promise<boolean>;
  /** Default: the worker of this build. */
  createWorker?: () => Worker;
}

/** The worker of one export or import. */
export interface AudioFileWorker {
  /**
   * The next report, in order.
   * @throws the worker's error; the signal's reason if it is aborted; an error if the worker is not loaded within 10 s
   */
  next(): Promise<WorkerReport>;
  answer(answer: PageAnswer): void;
  /** Ends the worker at once, whatever it does. Always call it. */
  end(): void;
}

/**
 * Starts a worker for one task. Encoding and decoding take many seconds for a long recording, in which the page must
 * draw and react; a worker also ends at once when the user cancels, and takes its memory with it.
 * @param signal aborted: ends the worker
 * @throws the signal's reason if it is aborted; an error if the host does not prove itself
 */
export async function startWorker(
  task: WorkerTask,
  signal: AbortSignal,
  { isHostProven, createWorker = newWorker }: WorkerDependencies,
): Promise<AudioFileWorker> {
  signal.throwIfAborted();
  if (!(await isHostProven())) throw new Error('the host did not prove that it has the port');
  signal.throwIfAborted();
  const worker = createWorker();
  const reports: WorkerReport[] = [];
  let failure: { cause: unknown } | null = null;
  let wake = () => {};

  function fail(cause: unknown): void {
    failure ??= { cause };
    wake();
  }

  function end(): void {
    clearTimeout(timeout);
    signal.removeEventListener('abort', onAbort);
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  }

  function onAbort(): void {
    end();
    fail(signal.reason);
  }

  const timeout = setTimeout(() => fail(new Error('the worker was not loaded in time')), LOAD_TIMEOUT_MS);
  signal.addEventListener('abort', onAbort);
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    clearTimeout(timeout);
    if (data.type === 'loaded') return;
    if (data.type === 'failed') {
      const cause = new Error(data.reason);
      fail(data.code === null ? cause : new AudioFileError(data.code, cause));
      return;
    }
    reports.push(data);
    wake();
  };
  worker.onerror = ({ message }) => fail(new Error(message || 'the worker could not be loaded'));
  worker.postMessage(task);

  return {
    async next() {
      for (;;) {
        signal.throwIfAborted();
        const report = reports.shift();
        if (report !== undefined) return report;
        if (failure !== null) throw failure.cause;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    answer: (answer) => worker.postMessage(answer),
    end,
  };
}

function newWorker(): Worker {
  return new Worker(new URL('./worker/audio-file-worker.ts', import.meta.url), { type: 'module' });
}
