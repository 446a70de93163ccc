import { join } from 'node:path';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { type Disk, type DiskFile, exists, FILE_MODE, FOLDER_MODE, writeAtomically, writeFully } from './disk.ts';
import { infoText } from './list-recordings.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';

/** Ending of the WAV of an import that is not finished. Lists and repairs ignore such files. */
export const IMPORT_ENDING = '.import';

/** The fields of the JSON that do not depend on the samples. */
export type ImportFacts = Pick<RecordingInfo, 'id' | 'session_id' | 'user_id' | 'started_at' | 'imported_from'>;

/**
 * The files of one import. Samples go to `<id>.import`. `finish` writes `<id>.json`, which readers ignore without a WAV,
 * and then renames the samples to `<id>.wav`: from that moment on the recording exists, complete. Calls must not overlap.
 */
export class ImportFile {
  readonly #disk: Disk;
  readonly #path: (ending: string) => string;
  readonly #facts: ImportFacts;
  readonly #file: DiskFile;
  readonly #level = emptyLevel();
  #dataBytes = 0;
  /** The JSON of this id is this import's. */
  #ownsJson = false;

  private constructor(disk: Disk, dir: string, facts: ImportFacts, file: DiskFile) {
    this.#disk = disk;
    this.#path = (ending) => join(dir, `${facts.id}${ending}`);
    this.#facts = facts;
    this.#file = file;
  }

  /** Creates an empty file, and its folder if missing. @throws the system's error */
  static async create(disk: Disk, dir: string, facts: ImportFacts): Promise<ImportFile> {
    await disk.mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    return new ImportFile(disk, dir, facts, await disk.open(join(dir, `${facts.id}${IMPORT_ENDING}`), 'wx', FILE_MODE));
  }

  /** Bytes of samples in the file. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /**
   * Appends samples. After a failure the same piece may be appended again.
   * @param piece 16-bit samples, little-endian; a whole number of them, at the start of its buffer
   * @throws the system's error
   */
  async append(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    await writeFully(this.#file, piece, WAV_HEADER_BYTES + this.#dataBytes);
    this.#dataBytes += piece.length;
    addLevel(this.#level, new Int16Array(piece.buffer, piece.byteOffset, piece.length / 2));
  }

  /**
   * Makes the samples a recording.
   * @throws the system's error, also if a recording has this id: nothing has become visible then. Call `remove`
   */
  async finish(): Promise<RecordingInfo> {
    const info: RecordingInfo = {
      ...this.#facts,
      turn: 1,
      duration_s: this.#dataBytes / BYTES_PER_SECOND,
      gaps: [],
      peak_dbfs: peakDbfs(this.#level),
      rms_dbfs: rmsDbfs(this.#level),
      complete: true,
    };
    await writeFully(this.#file, encodeWavHeader(this.#dataBytes), 0);
    await this.#file.datasync();
    await this.#file.close();
    await this.#requireFree();
    this.#ownsJson = true;
    await writeAtomically(this.#disk, this.#path('.json'), infoText(info));
    await this.#disk.rename(this.#path(IMPORT_ENDING), this.#path('.wav'));
    return info;
  }

  /** Removes everything that this import has written. Never throws: the next start removes what could not be removed. */
  async remove(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    for (const ending of [IMPORT_ENDING, ...(this.#ownsJson ? ['.json.tmp', '.json'] : [])]) {
      await this.#disk.unlink(this.#path(ending)).catch(() => undefined);
    }
  }

  /** A rename would replace a recording of the same id. */
  async #requireFree(): Promise<void> {
    for (const ending of ['.wav', '.json']) {
      if (await exists(this.#disk, this.#path(ending)))
        throw new Error(`the file ${this.#path(ending)} exists already`);
    }
  }
}
