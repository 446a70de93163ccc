import { join } from 'node:path';
import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { type Disk, type DiskFile, errorCode, FILE_MODE, FOLDER_MODE, writeAtomically, writeFully } from './disk.ts';
import { gapsWithin } from './gaps.ts';
import { infoText } from './list-recordings.ts';
import { stretchesWithin } from './microphone-stretches.ts';
import { BYTES_PER_SECOND, type Piece, pieceBytes } from './pcm-batches.ts';

/** Recordings whose ids would be the same (one millisecond, session ids that start alike) are told apart by `-2`, `-3`, … */
const MAX_SAME_NAMES = 99;

/** What the JSON says beyond what the file itself knows. */
export type TurnFacts = Omit<RecordingInfo, 'id' | 'duration_s' | 'complete' | 'repaired'>;

/**
 * One turn's `<id>.wav` and `<id>.json`. The WAV is valid at every moment: samples are appended first, then the header is
 * patched to count them, so that no reader ever sees sizes beyond the file's end. Calls must not overlap.
 */
export class TurnFile {
  readonly #disk: Disk;
  readonly #dir: string;
  readonly #id: string;
  readonly #file: DiskFile;
  readonly #header = new Uint8Array(WAV_HEADER_BYTES);
  /** Bytes of samples that are in the file; the header may not count the last of them yet. */
  #writtenBytes = 0;
  #dataBytes = 0;

  private constructor(disk: Disk, dir: string, id: string, file: DiskFile) {
    this.#disk = disk;
    this.#dir = dir;
    this.#id = id;
    this.#file = file;
  }

  /** Makes the folder where it is missing and an empty WAV in it. Never writes over another recording. */
  static async create(disk: Disk, dir: string, id: string): Promise<TurnFile> {
    await disk.mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    const { name, handle } = await openNew(disk, dir, id);
    const file = new TurnFile(disk, dir, name, handle);
    try {
      await file.#count(0);
    } catch (error) {
      // Not even a header fits: no empty file is left behind.
      await handle.close().catch(() => undefined);
      await disk.unlink(join(dir, `${name}.wav`)).catch(() => undefined);
      throw error;
    }
    return file;
  }

  /** Bytes of samples that are in the file and counted by its header. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /**
   * Appends pieces, then counts them. Takes each piece out of the list once it is in the file, so that a call that failed
   * is repeated with what is left: a piece that was written in part is written again in the same place.
   * @param onWritten called for each piece whose memory is not needed any more
   */
  async append(pieces: Piece[], onWritten: (piece: Piece) => void): Promise<void> {
    for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
      const bytes = pieceBytes(piece);
      const position = WAV_HEADER_BYTES + this.#writtenBytes;
      // Lengthening a file fills it with zeros (POSIX ftruncate), which is silence, and costs no write.
      if (piece.kind === 'silence') await this.#file.truncate(position + bytes);
      else await writeFully(this.#file, piece.batch.bytes.subarray(0, bytes), position);
      this.#writtenBytes += bytes;
      pieces.shift();
      onWritten(piece);
    }
    if (this.#writtenBytes > this.#dataBytes) await this.#count(this.#writtenBytes);
  }

  /** What the JSON beside the WAV says by now. */
  info({ writer, ...facts }: TurnFacts, complete = false): RecordingInfo {
    const duration_s = this.#dataBytes / BYTES_PER_SECOND;
    return {
      id: this.#id,
      ...facts,
      duration_s,
      // A gap may be known before its silence is in the file.
      gaps: gapsWithin(facts.gaps, duration_s),
      ...(complete && facts.microphone ? { microphone: stretchesWithin(facts.microphone, duration_s) } : {}),
      complete,
      ...(complete || writer === undefined ? {} : { writer }),
    };
  }

  /** Writes the JSON beside the WAV. */
  describe(info: RecordingInfo): Promise<void> {
    return writeAtomically(this.#disk, join(this.#dir, `${this.#id}.json`), infoText(info));
  }

  /**
   * Makes sure that the whole turn is on the disk.
   * @throws {EarshotError} `recording_changed` when another program removed or changed the file: no further try helps
   */
  async sync(): Promise<void> {
    await this.#file.datasync();
    const path = join(this.#dir, `${this.#id}.wav`);
    // A folder removed meanwhile gives no error on the open file: only its name is gone.
    const size = await this.#disk.stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      },
    );
    if (size === WAV_HEADER_BYTES + this.#dataBytes) return;
    throw new EarshotError(
      'recording_changed',
      `Another program ${size === null ? 'removed' : 'changed'} the file ${path} while it was recorded. Keep other programs ` +
        'away from the folder of the recordings, and press the mic to record again.',
    );
  }

  /** Never throws: what was written is on the disk. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  /**
   * Takes the WAV away, and with it the recording: its JSON alone is none to any reader. May be called again after it
   * failed: until the WAV is gone, it can be written on.
   * @throws the system's error when the WAV can't be removed
   */
  async remove(): Promise<void> {
    // Open still: a file that can't be removed must not be lost as well. POSIX allows it, and so does Windows, where Node
    // opens files with FILE_SHARE_DELETE.
    await this.#unlink('.wav');
    await this.close();
  }

  /**
   * Takes away the JSON of a recording that was removed, and what a write of it left behind.
   * @throws the system's error
   */
  async removeDescription(): Promise<void> {
    await this.#unlink('.json.tmp');
    await this.#unlink('.json');
  }

  /** After a failure: leaves what was written readable as far as the disk lets us, and closes. Never throws. */
  async salvage(): Promise<void> {
    try {
      // A disk that fills up takes a part of the last write. The file's size says how much; the header and its count
      // lie in room that the file already has.
      const dataBytes = Math.max((await this.#file.stat()).size - WAV_HEADER_BYTES, 0);
      await this.#count(dataBytes - (dataBytes % BYTES_PER_SAMPLE));
    } catch {
      // What the header counted last is still true.
    }
    await this.close();
  }

  /** One that is gone already is no error. */
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
