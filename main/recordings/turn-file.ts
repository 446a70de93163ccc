import { join } from 'node:path';
import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { HostError } from '../text/host-error.ts';
import { type Disk, type DiskFile, errorCode, FILE_MODE, FOLDER_MODE, writeAtomically, writeFully } from './disk.ts';
import { gapsWithin } from './gaps.ts';
import { infoText } from './list-recordings.ts';
import { entriesWithin } from './microphone-timeline.ts';
import { pausesWithin } from './pause-list.ts';
import { BYTES_PER_SECOND, type Piece, pieceBytes } from './pcm-batches.ts';

/** Recordings with the same id (same millisecond, same first 8 characters of the session id) get `-2`, `-3`, … */
const MAX_SAME_NAMES = 99;

/** The fields of the JSON that `TurnFile` does not know itself. */
export type TurnFacts = Omit<RecordingInfo, 'id' | 'duration_s' | 'complete' | 'repaired'>;

/**
 * One turn's `<id>.wav` and `<id>.json`. The WAV stays playable even after a crash: samples are appended first, then
 * the header is updated to count them, so it never claims more than the file contains. Calls must not overlap.
 */
export class TurnFile {
  readonly #disk: Disk;
  readonly #dir: string;
  readonly #id: string;
  readonly #file: DiskFile;
  readonly #header = new Uint8Array(WAV_HEADER_BYTES);
  /** Bytes of samples in the file. The header may not count the last of them yet. */
  #writtenBytes = 0;
  #dataBytes = 0;

  private constructor(disk: Disk, dir: string, id: string, file: DiskFile) {
    this.#disk = disk;
    this.#dir = dir;
    this.#id = id;
    this.#file = file;
  }

  /** Creates an empty WAV, and its folder if missing. Never overwrites another recording. */
  static async create(disk: Disk, dir: string, id: string): Promise<TurnFile> {
    await disk.mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    const { name, handle } = await openNew(disk, dir, id);
    const file = new TurnFile(disk, dir, name, handle);
    try {
      await file.#count(0);
    } catch (error) {
      // Not even the header could be written, so remove the empty file.
      await handle.close().catch(() => undefined);
      await disk.unlink(join(dir, `${name}.wav`)).catch(() => undefined);
      throw error;
    }
    return file;
  }

  /** Bytes of samples that the header counts. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /**
   * Appends pieces, then updates the header. Removes each piece from the list once it is written. After a failure, call
   * it again with the rest of the list: a partly written piece is written again at the same position.
   * @param onWritten called for each piece whose memory is no longer needed
   */
  async append(pieces: Piece[], onWritten: (piece: Piece) => void): Promise<void> {
    for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
      const bytes = pieceBytes(piece);
      const position = WAV_HEADER_BYTES + this.#writtenBytes;
      // Extending a file fills it with zeros (POSIX ftruncate): silence without a write.
      if (piece.kind === 'silence') await this.#file.truncate(position + bytes);
      else await writeFully(this.#file, piece.batch.bytes.subarray(0, bytes), position);
      this.#writtenBytes += bytes;
      pieces.shift();
      onWritten(piece);
    }
    if (this.#writtenBytes > this.#dataBytes) await this.#count(this.#writtenBytes);
  }

  /** The current content of the JSON. */
  info({ writer, ...facts }: TurnFacts, complete = false): RecordingInfo {
    const duration_s = this.#dataBytes / BYTES_PER_SECOND;
    const { pauses, ...rest } = facts;
    return {
      id: this.#id,
      ...rest,
      duration_s,
      // A gap may be known before its silence is written.
      gaps: gapsWithin(facts.gaps, duration_s),
      ...(complete && facts.microphone ? { microphone: entriesWithin(facts.microphone, duration_s) } : {}),
      ...pausesWithin(pauses, complete ? duration_s : Number.POSITIVE_INFINITY),
      complete,
      ...(complete || writer === undefined ? {} : { writer }),
    };
  }

  /** Replaces the JSON. */
  describe(info: RecordingInfo): Promise<void> {
    return writeAtomically(this.#disk, join(this.#dir, `${this.#id}.json`), infoText(info));
  }

  /**
   * Flushes the WAV to the disk and checks its size.
   * @throws {EarshotError} `recording_changed` if another program removed or changed the file; retrying does not help
   */
  async sync(): Promise<void> {
    await this.#file.datasync();
    const path = join(this.#dir, `${this.#id}.wav`);
    // Removing the folder causes no error on the open file, so look the file up by its name.
    const size = await this.#disk.stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      },
    );
    if (size === WAV_HEADER_BYTES + this.#dataBytes) return;
    const removed = size === null;
    throw new HostError('recording_changed', ({ recordingChanged }) => recordingChanged({ path, removed }));
  }

  /** Never throws: the audio has already been flushed. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  /**
   * Removes the WAV and thereby the recording: readers ignore a JSON without a WAV. If it fails, the file stays
   * writable and `remove` may be called again.
   * @throws the system's error if the WAV can't be removed
   */
  async remove(): Promise<void> {
    // Unlink before closing, so that the file stays usable if this fails. POSIX allows it, and so does Windows, where
    // Node opens files with FILE_SHARE_DELETE.
    await this.#unlink('.wav');
    await this.close();
  }

  /**
   * Removes the JSON of a removed recording, and its temporary file.
   * @throws the system's error
   */
  async removeDescription(): Promise<void> {
    await this.#unlink('.json.tmp');
    await this.#unlink('.json');
  }

  /** After a failure: makes the written audio readable if the disk permits, then closes the file. Never throws. */
  async salvage(): Promise<void> {
    try {
      // A disk that fills up accepts part of the last write; the file's size shows how much. Updating the header needs
      // no more space.
      const dataBytes = Math.max((await this.#file.stat()).size - WAV_HEADER_BYTES, 0);
      await this.#count(dataBytes - (dataBytes % BYTES_PER_SAMPLE));
    } catch {
      // The previous header is still valid.
    }
    await this.close();
  }

  /** Ignores a file that does not exist. */
  async #unlink(ending: string): Promise<void> {
    try {
      await this.#disk.unlink(join(this.#dir, `${this.#id}${ending}`));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  async #count(dataBytes: number): Promise<void> {
    await writeFully(this.#file, encodeWavHeader(dataBytes, this.#header), 0);
    this.#dataBytes = dataBytes;
  }
}

async function openNew(disk: Disk, dir: string, id: string): Promise<{ name: string; handle: DiskFile }> {
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? id : `${id}-${copy}`;
    try {
      return { name, handle: await disk.open(join(dir, `${name}.wav`), 'wx', FILE_MODE) };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || copy === MAX_SAME_NAMES) throw error;
    }
  }
}
