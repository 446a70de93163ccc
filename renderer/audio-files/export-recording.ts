import { EarshotError } from '../../shared/errors.ts';
import { cancelled, exportFailed } from './audio-file-error.ts';
import { BlobParts } from './blob-parts.ts';
import { recordingSource } from './byte-source.ts';
import { canEncodeOpus, encodeOpus } from './encode-opus.ts';
import { fileName } from './file-name.ts';
import { FlacEncoder } from './flac-encoder.ts';
import { toRecordingSamples } from './recording-samples.ts';
import { createSlices } from './slices.ts';
import { openWav } from './wav-file.ts';

export type ExportFormat = 'wav' | 'flac' | 'opus';

const ENDINGS: Record<ExportFormat, string> = { wav: '.wav', flac: '.flac', opus: '.opus' };
/** RFC 9639 section 9 and RFC 7845 section 9. */
const TYPES = { flac: 'audio/flac', opus: 'audio/ogg; codecs=opus' } as const;

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

export interface ExportDependencies {
  /** The signed URL of a recording. Rejects with `no_such_recording`. */
  urlOf(id: string): Promise<string>;
  /** Default: `fetch`. */
  fetch?: typeof fetch;
}

/** The formats that this browser can write. WAV and FLAC are always among them. */
export async function exportFormats(): Promise<ExportFormat[]> {
  return (await canEncodeOpus()) ? ['wav', 'flac', 'opus'] : ['wav', 'flac'];
}

/**
 * Makes a file of a recording: WAV as it is, FLAC without loss, Opus at 32 kbit/s. Reads the recording in parts and gives
 * the page a turn every 8 ms. A WAV that another program saved, with another rate or more channels, is converted.
 * @throws {EarshotError} `cancelled`, `no_such_recording`, `export_unsupported` (no Opus encoder), `export_failed`
 */
export async function exportRecording(options: ExportOptions, dependencies: ExportDependencies): Promise<ExportedFile> {
  const { id, format, title = '', onProgress } = options;
  const signal = options.signal ?? new AbortController().signal;
  try {
    signal.throwIfAborted();
    const url = await dependencies.urlOf(id);
    const name = fileName(title, id, ENDINGS[format]);
    if (format === 'wav') return { name, content: url };
    const source = await recordingSource(url, signal, exportFailed, dependencies.fetch);
    const sound = await openWav(source);
    const slice = createSlices(signal);
    const samples = toRecordingSamples(sound.blocks(), async () => {
      onProgress?.(sound.progress());
      await slice();
    });
    const parts = new BlobParts();
    if (format === 'opus') {
      await encodeOpus(samples, (part) => parts.push(part), signal);
      return { name, content: parts.toBlob(TYPES.opus) };
    }
    const encoder = new FlacEncoder();
    for await (const block of samples) encoder.push(block, (frame) => parts.push(frame));
    encoder.finish((frame) => parts.push(frame));
    return { name, content: parts.toBlob(TYPES.flac, encoder.header()) };
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    // The sentences about damaged files speak of an import.
    const isOfImport = cause instanceof EarshotError && cause.code.startsWith('import_');
    throw exportFailed(isOfImport ? new Error(cause.code, { cause }) : cause);
  }
}
