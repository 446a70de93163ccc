import { constants } from 'node:fs';
import { join } from 'node:path';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { MAX_JSON_BYTES } from './default-disk.ts';
import { type Disk, type DiskFile, errorCode, readFully, writeAtomically, writeFully } from './disk.ts';
import { gapsWithin } from './gaps.ts';
import { infoText, parseInfo } from './list-recordings.ts';
import { measureLevel } from './measure-level.ts';
import { entriesWithin } from './microphone-timeline.ts';
import { pausesWithin } from './pause-list.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';
import { matchesWavSize, planRepair, type RepairPlan } from './plan-repair.ts';
import { parseRecordingId } from './recording-id.ts';
import { isCompleteWav } from './validate-wav.ts';
import { wavDataBytes } from './wav.ts';

/** Suffix of the copy that is made before the repair changes a file. */
const BACKUP_SUFFIX = '.before-repair';
/** Never overwrites an existing copy. Shares blocks with the original if the file system supports it. */
const COPY_FLAGS = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** The launches that use the data folder. The JSON of an unfinished recording names the launch that writes it. */
export interface Launches {
  /** The name of this launch. */
  readonly current: string | undefined;
  /** Whether this launch runs. */
  isRunning(launch: string): Promise<boolean>;
  /** Whether any other launch runs. */
  othersRunning(): Promise<boolean>;
}

export interface RecordingRepairOptions {
  disk: Disk;
  dir: string;
  launches: Launches;
  /** Whether this launch has an open recording with this id. */
  isOpen(id: string): boolean;
  onRepaired(info: RecordingInfo): void;
  signal: AbortSignal;
}

/** What the repair keeps of the JSON, or of the id if there is no JSON. The rest is computed from the WAV. */
type KnownInfo = Omit<
  RecordingInfo,
  'id' | 'duration_s' | 'peak_dbfs' | 'rms_dbfs' | 'complete' | 'repaired' | 'writer'
>;

/** Checks and repairs one recording that may have been interrupted. */
export class RecordingRepair {
  readonly #options: RecordingRepairOptions;
  readonly id: string;
  readonly #wav: string;
  readonly #json: string;
  /** The temporary file of an atomic write of the JSON. If it is complete, it is newer than the JSON. */
  readonly #pending: string;

  constructor(options: RecordingRepairOptions, id: string) {
    this.#options = options;
    this.id = id;
    this.#wav = join(options.dir, `${id}.wav`);
    this.#json = join(options.dir, `${id}.json`);
    this.#pending = `${this.#json}.tmp`;
  }

  /** Whether the JSON and the size of the WAV show that no repair is needed. */
  async isIntact(): Promise<boolean> {
    const [wav, pending] = await Promise.all([this.#sizeOf(this.#wav), this.#sizeOf(this.#pending)]);
    if (wav === null || wav === 'not a file' || pending === 'not a file') return true;
    const info = await this.#read(this.#json);
    return info !== null && pending === null && matchesWavSize(info, wav);
  }

  /** Repairs the recording. `repairRecordings` says which recordings are not changed. @throws the system's error */
  async run(): Promise<void> {
    for (const path of [this.#wav, this.#json, this.#pending]) {
      if ((await this.#sizeOf(path)) === 'not a file') return;
    }
    const info = await this.#readNewest();
    const known = info ?? this.#infoFromId();
    if (known === null || (await this.#isBeingWritten(info))) return;
    const file = await this.#options.disk.open(this.#wav, 'r');
    try {
      const { size } = await file.stat();
      if (info !== null && matchesWavSize(info, size)) return await this.#finishJsonWrite();
      const plan = planRepair(info, size, await readHeaderDataBytes(file));
      if (plan === null || (plan.skipIfValid && (await isCompleteWav(file, size)))) return;
      if (plan.backUpWav) await this.#backUp(this.#wav);
      if (plan.backUpJson) await this.#backUpJson();
      if (plan.writeHeader) await this.#writeHeader(plan.dataBytes);
      await this.#writeJson(file, known, plan);
    } finally {
      await file.close();
    }
  }

  /** The newest description that can be read. */
  async #readNewest(): Promise<RecordingInfo | null> {
    return (await this.#read(this.#pending)) ?? (await this.#read(this.#json));
  }

  async #isBeingWritten(info: RecordingInfo | null): Promise<boolean> {
    const { launches, isOpen } = this.#options;
    if (isOpen(this.id)) return true;
    if (info === null ? await launches.othersRunning() : info.writer && (await launches.isRunning(info.writer)))
      return true;
    // The writer may have finished the recording and ended since `info` was read.
    const latest = await this.#readNewest();
    return JSON.stringify(latest) !== JSON.stringify(info);
  }

  /** Completes an interrupted atomic write of the JSON, or removes an incomplete temporary file. */
  async #finishJsonWrite(): Promise<void> {
    const { disk } = this.#options;
    if ((await this.#read(this.#pending)) !== null) await disk.rename(this.#pending, this.#json);
    else if ((await this.#sizeOf(this.#pending)) !== null) await disk.unlink(this.#pending);
  }

  /** Copies a file that may not be an unfinished recording of Earshot, before the repair changes it. */
  async #backUp(path: string): Promise<void> {
    try {
      await this.#options.disk.copyFile(path, `${path}${BACKUP_SUFFIX}`, COPY_FLAGS);
    } catch (error) {
      // An earlier repair that was interrupted has already made the copy.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }

  /** Copies the JSON, or renames it if it is too long to be one of Earshot's. */
  async #backUpJson(): Promise<void> {
    const size = await this.#sizeOf(this.#json);
    if (typeof size !== 'number' || size === 0) return;
    if (size <= MAX_JSON_BYTES) return this.#backUp(this.#json);
    const backup = `${this.#json}${BACKUP_SUFFIX}`;
    if ((await this.#sizeOf(backup)) === null) await this.#options.disk.rename(this.#json, backup);
  }

  async #writeHeader(dataBytes: number): Promise<void> {
    const file = await this.#options.disk.open(this.#wav, 'r+');
    try {
      await writeFully(file, encodeWavHeader(dataBytes), 0);
      // Flush before the JSON says that the recording is repaired.
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Measures the audio and writes the JSON that describes it. */
  async #writeJson(file: DiskFile, known: KnownInfo, { dataBytes, isComplete }: RepairPlan): Promise<void> {
    const { disk, signal, onRepaired } = this.#options;
    const duration_s = dataBytes / BYTES_PER_SECOND;
    const gaps = gapsWithin(known.gaps, duration_s).sort((a, b) => a.at_s - b.at_s);
    const level = await measureLevel(file, dataBytes, gaps, signal);
    const { session_id, user_id, turn, started_at, title, note, trimmed_from, imported_from } = known;
    const info: RecordingInfo = {
      id: this.id,
      session_id,
      user_id,
      turn,
      started_at,
      duration_s,
      gaps,
      ...(known.microphone === undefined ? {} : { microphone: entriesWithin(known.microphone, duration_s) }),
      ...pausesWithin(known.pauses, duration_s),
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      ...(isComplete ? { complete: true, rebuilt: true } : { complete: false, repaired: true }),
      ...(known.ended_early === undefined ? {} : { ended_early: known.ended_early }),
      ...(title === undefined ? {} : { title }),
      ...(note === undefined ? {} : { note }),
      ...(trimmed_from === undefined ? {} : { trimmed_from }),
      ...(imported_from === undefined ? {} : { imported_from }),
    };
    await writeAtomically(disk, this.#json, infoText(info));
    onRepaired(info);
  }

  /** The parts of the JSON that the id contains. */
  #infoFromId(): KnownInfo | null {
    const turn = parseRecordingId(this.id);
    return turn && { ...turn, user_id: '', gaps: [] };
  }

  async #read(path: string): Promise<RecordingInfo | null> {
    const size = await this.#sizeOf(path);
    if (typeof size !== 'number' || size > MAX_JSON_BYTES) return null;
    return parseInfo(await this.#options.disk.readFile(path, 'utf8'), this.id);
  }

  /** A file's size in bytes; null if it does not exist. Does not follow links. */
  async #sizeOf(path: string): Promise<number | 'not a file' | null> {
    try {
      const stats = await this.#options.disk.lstat(path);
      return stats.isFile() ? stats.size : 'not a file';
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
}

/** Bytes of samples according to the header; null if `encodeWavHeader` would not write this header. */
async function readHeaderDataBytes(file: DiskFile): Promise<number | null> {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const dataBytes = wavDataBytes(header.subarray(0, await readFully(file, header, 0)));
  return dataBytes !== null && Buffer.compare(header, encodeWavHeader(dataBytes)) === 0 ? dataBytes : null;
}
