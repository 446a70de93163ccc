import { serveTask, type WorkerScope } from './audio-file-task.ts';

serveTask(globalThis as unknown as WorkerScope);
