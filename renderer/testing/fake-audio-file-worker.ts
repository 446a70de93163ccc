import { serveTask, type WorkerScope } from '../audio-files/worker/audio-file-task.ts';
import type { PageAnswer, WorkerReport, WorkerTask } from '../audio-files/worker-messages.ts';

/** For tests: a worker that runs the real code in the test's thread. Messages are cloned and transferred as in a browser. */
class FakeAudioFileWorker {
  onmessage: ((event: { data: WorkerReport }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  terminated = false;
  /** What was sent in both directions, without samples. */
  readonly sent: string[] = [];
  readonly #scope: WorkerScope = {
    onmessage: null,
    postMessage: (report, transfer = []) => {
      if (this.terminated) return;
      const data = structuredClone(report, { transfer });
      this.sent.push(report.type);
      queueMicrotask(() => this.onmessage?.({ data }));
    },
  };

  /** @param load whether its code is loaded */
  constructor(load = true) {
    if (load) queueMicrotask(() => serveTask(this.#scope));
  }

  postMessage(message: WorkerTask | PageAnswer): void {
    // Node can't clone a File.
    const data = message.type === 'import' ? { ...message, file: message.file.slice() } : structuredClone(message);
    this.sent.push(message.type);
    queueMicrotask(() => {
      if (!this.terminated) this.#scope.onmessage?.({ data });
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

/** For tests: creates such workers and keeps them. */
export function fakeAudioFileWorkers(load = true) {
  const workers: FakeAudioFileWorker[] = [];
  return {
    workers,
    createWorker(): Worker {
      const worker = new FakeAudioFileWorker(load);
      workers.push(worker);
      return worker as unknown as Worker;
    },
  };
}
