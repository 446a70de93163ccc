import { fileName } from './file-name.ts';
import { canEncodeOpus } from './opus-encoder-config.ts';
import { startWorker, type WorkerDependencies } from './start-worker.ts';
import { withSentence } from './with-sentence.ts';

export type ExportFormat = 'wav' | 'flac' | 'opus';

const ENDINGS: Record<ExportFormat, string> = { wav: '.wav', flac: '.flac', opus: '.opus' };

export interface ExportOptions {
  /** The recording. */
  id: string;
  format: ExportFormat;
  /** Name of the file without its ending, for example the recording's title. Default: the id. */
  title?: string;
  /** Cancels the export. */
  signal?: AbortSignal;
  /** Called with the part that is done, 0..1. */
  onProgress?(part: number): void;
}

export interface ExportedFile {
  /** A name that every system accepts. */
  name: string;
  /** What to save: a Blob, or for WAV the recording's own URL, which the browser streams to the disk. */
  content: Blob | string;
}

export interface ExportDependencies extends WorkerDependencies {
  /** The signed URL of a recording. Rejects with `no_such_recording`. */
  urlOf(id: string): Promise<string>;
}

/** The formats that this browser can write. WAV and FLAC are always among them. */
export async function exportFormats(): Promise<ExportFormat[]> {
  return (await canEncodeOpus()) ? ['wav', 'flac', 'opus'] : ['wav', 'flac'];
}

/**
 * Makes a file of a recording: WAV as it is, FLAC without loss, Opus at 32 kbit/s. A worker reads the recording in parts
 * and encodes it. A WAV that another program saved, with another rate or more channels, is converted.
 * @throws {EarshotError} `cancelled`, `no_such_recording`, `export_unsupported` (no Opus encoder), `export_failed`
 */
export async function exportRecording(options: ExportOptions, dependencies: ExportDependencies): Promise<ExportedFile> {
  const { id, format, title = '' } = options;
  const signal = options.signal ?? new AbortController().signal;
  try {
    signal.throwIfAborted();
    const url = await dependencies.urlOf(id);
    const name = fileName(title, id, ENDINGS[format]);
    return { name, content: format === 'wav' ? url : await encode(url, format, signal, options, dependencies) };
  } catch (cause) {
    throw withSentence(signal.aborted ? null : cause, signal.aborted ? 'cancelled' : 'export_failed');
  }
}

async function encode(
  url: string,
  format: 'flac' | 'opus',
  signal: AbortSignal,
  { onProgress }: ExportOptions,
  dependencies: ExportDependencies,
): Promise<Blob> {
  // The worker's own address is another one than the page's.
  const { href } = new URL(url, globalThis.location?.href);
  const worker = await startWorker({ type: 'export', url: href, format }, signal, dependencies);
  try {
    for (;;) {
      const report = await worker.next();
      if (report.type === 'progress') onProgress?.(report.part);
      if (report.type === 'exported') return report.file;
    }
  } finally {
    worker.end();
  }
}
