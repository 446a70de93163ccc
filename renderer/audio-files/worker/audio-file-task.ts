import { describeError } from '../../../shared/errors.ts';
import { AudioFileError } from '../audio-file-error.ts';
import type { Ask, PageAnswer, WorkerReport, WorkerTask } from '../worker-messages.ts';
import { fileSource, recordingSource } from './byte-source.ts';
import { encodeRecording } from './encode-recording.ts';
import { openSound } from './open-sound.ts';
import { toRecordingSamples } from './recording-samples.ts';
import { openWholeFile } from './whole-file.ts';

/** Samples that are sent to the page at once: 4 s. */
const PIECE_SAMPLES = 65_536;
/** Progress is reported in steps of this part. */
const PROGRESS_STEP = 0.005;

/** The part of the worker's global scope that is used; TypeScript's DOM library has only the window's. */
export interface WorkerScope {
  onmessage: ((event: { data: WorkerTask | PageAnswer }) => void) | null;
  postMessage(report: WorkerReport, transfer?: Transferable[]): void;
}

/** Waits for a task in a worker, does it, and reports how it went. The page ends the worker. */
export function serveTask(scope: WorkerScope): void {
  let onAnswer: (answer: PageAnswer) => void = () => {};

  const ask: Ask = (question, type) =>
    new Promise((resolve) => {
      onAnswer = (answer) => {
        if (answer.type === type) resolve(answer as Extract<PageAnswer, { type: typeof type }>);
      };
      scope.postMessage(question, question.type === 'samples' ? [question.samples.buffer] : []);
    });

  async function run(task: WorkerTask): Promise<void> {
    if (task.type === 'import') return importFile(task.file);
    let reported = 0;
    const file = await encodeRecording(await recordingSource(task.url), task.format, (part) => {
      if (part - reported < PROGRESS_STEP && (part < 1 || reported === 1)) return;
      reported = part;
      scope.postMessage({ type: 'progress', part });
    });
    scope.postMessage({ type: 'exported', file });
  }

  async function importFile(file: Blob): Promise<void> {
    const sound = await openSound(fileSource(file), (failure) => openWholeFile(file.size, { ask, failure }));
    scope.postMessage({ type: 'opened', seconds: sound.seconds });
    for await (const samples of inPieces(toRecordingSamples(sound.blocks()))) {
      await ask({ type: 'samples', samples, part: sound.progress() }, 'continue');
    }
    scope.postMessage({ type: 'imported' });
  }

  scope.onmessage = ({ data }) => {
    if (data.type === 'export' || data.type === 'import') {
      run(data).catch((error: unknown) => {
        const code = error instanceof AudioFileError ? error.code : null;
        scope.postMessage({ type: 'failed', code, reason: describeError(error) });
      });
    } else onAnswer(data);
  };
  scope.postMessage({ type: 'loaded' });
}

/** Joins short blocks, so that fewer messages are sent. The last piece may be shorter. */
async function* inPieces(
  blocks: AsyncIterable<Int16Array<ArrayBuffer>>,
): AsyncGenerator<Int16Array<ArrayBuffer>, void, undefined> {
  let piece = new Int16Array(PIECE_SAMPLES);
  let filled = 0;
  for await (const block of blocks) {
    for (let at = 0; at < block.length; ) {
      const part = block.subarray(at, at + piece.length - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < piece.length) continue;
      yield piece;
      piece = new Int16Array(PIECE_SAMPLES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}
