import { join } from 'node:path';
import { z } from 'zod';
import { EarshotError } from '../../../shared/errors.ts';
import type { Waveform } from '../../../shared/recording-library.ts';
import { type Disk, errorCode, FOLDER_MODE, writeAtomically } from '../disk.ts';
import { noSuchRecording } from '../recording-file.ts';
import { isRecordingId } from '../recording-id.ts';
import { changeFailed } from './library-errors.ts';
import { measurePeaks, mergePeaks } from './measure-peaks.ts';

/** Peaks that are kept of each recording. A call for fewer buckets merges them. */
export const KEPT_PEAKS = 2_000;
/** Maximum number of files in the cache. Each takes one block of the disk, 4 KB: 40 MB in all. */
export const MAX_CACHED = 10_000;
/** How many of the oldest are removed when there are more. */
const REMOVED_AT_ONCE = 1_000;

/** A file of the cache. It applies to a WAV of exactly this size and time of change. */
const Cached = z.object({
  version: z.literal(1),
  wav_bytes: z.number(),
  wav_mtime_ms: z.number(),
  peaks: z.base64().max(4 * Math.ceil(KEPT_PEAKS / 3)),
});

export interface WaveformsOptions {
  disk: Disk;
  /** The folder of the recordings. */
  dir: string;
  /** The folder of the cache; created when needed. The user may delete it at any time. */
  cacheDir: string;
  signal: AbortSignal;
}

/** Waveforms of recordings, computed once and kept in a folder. */
export class Waveforms {
  readonly #options: WaveformsOptions;
  /** One recording is measured at a time. */
  #last: Promise<unknown> = Promise.resolve();
  /** Calls for the same recording share one measurement. */
  readonly #pending = new Map<string, Promise<Uint8Array>>();
  /** Number of files in the cache; null: not counted yet. */
  #count: number | null = null;

  constructor(options: WaveformsOptions) {
    this.#options = options;
  }

  /** @throws {EarshotError} `no_such_recording`, `bad_wav`, `file_unsafe`, `recording_unreadable` */
  async get(id: string, buckets: number): Promise<Waveform> {
    let peaks = this.#pending.get(id);
    if (peaks === undefined) {
      peaks = this.#peaksOf(id).finally(() => this.#pending.delete(id));
      this.#pending.set(id, peaks);
    }
    return { peaks: mergePeaks(await peaks, buckets) };
  }

  /** Removes the kept waveform of a deleted recording. Never rejects. */
  async forget(id: string): Promise<void> {
    await this.#options.disk.unlink(this.#pathOf(id)).catch(() => undefined);
  }

  async #peaksOf(id: string): Promise<Uint8Array> {
    const wav = await this.#facts(id);
    const cached = await this.#read(id).catch(() => null);
    if (cached?.wav_bytes === wav.size && cached.wav_mtime_ms === wav.mtimeMs)
      return Buffer.from(cached.peaks, 'base64');
    const measured = this.#last.then(() => this.#measure(id));
    this.#last = measured.catch(() => undefined);
    return measured;
  }

  async #measure(id: string): Promise<Uint8Array> {
    const { disk, dir, signal } = this.#options;
    const { size, mtimeMs } = await this.#facts(id);
    let peaks: Uint8Array;
    try {
      const file = await disk.open(join(dir, `${id}.wav`), 'r');
      try {
        peaks = await measurePeaks(file, size, KEPT_PEAKS, signal);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw changeFailed('recording_unreadable', 'waveform', dir, cause);
    }
    const text = { version: 1, wav_bytes: size, wav_mtime_ms: mtimeMs, peaks: Buffer.from(peaks).toString('base64') };
    // A cache that can't be written only costs time.
    await this.#write(id, JSON.stringify(text)).catch(() => undefined);
    return peaks;
  }

  async #facts(id: string): Promise<{ size: number; mtimeMs: number }> {
    if (!isRecordingId(id)) throw noSuchRecording();
    const { disk, dir } = this.#options;
    const found = await disk.lstat(join(dir, `${id}.wav`)).catch((cause: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(String(errorCode(cause)))) throw noSuchRecording(cause);
      throw changeFailed('recording_unreadable', 'waveform', dir, cause);
    });
    if (!found.isFile()) throw noSuchRecording();
    return found;
  }

  async #read(id: string): Promise<z.infer<typeof Cached>> {
    return Cached.parse(JSON.parse(await this.#options.disk.readFile(this.#pathOf(id), 'utf8')));
  }

  async #write(id: string, text: string): Promise<void> {
    const { disk, cacheDir } = this.#options;
    await disk.mkdir(cacheDir, { recursive: true, mode: FOLDER_MODE });
    if (!(await disk.lstat(cacheDir)).isDirectory()) throw new EarshotError('folder_unsafe', `${cacheDir} is a link`);
    await writeAtomically(disk, this.#pathOf(id), text);
    // An entry that was replaced counts twice. The cache is then only counted again earlier.
    this.#count = this.#count === null ? (await disk.readdir(cacheDir)).length : this.#count + 1;
    if (this.#count > MAX_CACHED) await this.#removeOldest();
  }

  /** Names of recordings begin with their time, so sorting them puts the oldest first. */
  async #removeOldest(): Promise<void> {
    const { disk, cacheDir } = this.#options;
    const names = (await disk.readdir(cacheDir)).filter((name) => /^[A-Za-z0-9_-]{1,128}\.json(?:\.tmp)?$/.test(name));
    const surplus = names.length - MAX_CACHED;
    const old = surplus > 0 ? names.sort().slice(0, surplus + REMOVED_AT_ONCE) : [];
    for (const name of old) await disk.unlink(join(cacheDir, name)).catch(() => undefined);
    this.#count = names.length - old.length;
  }

  #pathOf(id: string): string {
    return join(this.#options.cacheDir, `${id}.json`);
  }
}
