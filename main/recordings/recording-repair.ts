import { constants } from 'node:fs';
import { join } from 'node:path';
import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader, MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { type Disk, type DiskFile, errorCode, readFully, writeAtomically, writeFully } from './disk.ts';
import { gapsWithin } from './gaps.ts';
import { infoText, parseInfo } from './list-recordings.ts';
import { measureLevel } from './measure-level.ts';
import { stretchesWithin } from './microphone-stretches.ts';
import { MAX_JSON_BYTES } from './own-disk.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';
import { turnOfId } from './recording-id.ts';
import { isCompleteWav } from './validate-wav.ts';
import { wavDataBytes } from './wav.ts';

/** Ends the name of a file that was kept before the repair wrote over it. */
const ASIDE = '.before-repair';
/** A copy on the same file system may share the bytes of the original; one that is there is never written over. */
const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** The launches of the host on one data folder; the JSON of an unfinished recording names the one that writes it. */
export interface Launches {
  /** This one. */
  readonly mine: string | undefined;
  isRunning(launch: string): Promise<boolean>;
  /** Whether any other than this one runs. */
  othersRunning(): Promise<boolean>;
}

export interface RecordingRepairOptions {
  disk: Disk;
  dir: string;
  launches: Launches;
  /** Whether this launch is recording under this id, or about to. */
  isOpen(id: string): boolean;
  onRepaired(info: RecordingInfo): void;
  signal: AbortSignal;
}

type Facts = Omit<RecordingInfo, 'id' | 'duration_s' | 'peak_dbfs' | 'rms_dbfs' | 'complete' | 'repaired' | 'writer'>;

/** The repair of one recording that may have been cut short. */
export class RecordingRepair {
  readonly #options: RecordingRepairOptions;
  readonly #id: string;
  readonly #wav: string;
  readonly #json: string;
  /** Where an atomic write of the JSON begins: what stands here whole is newer than the JSON. */
  readonly #pending: string;

  constructor(options: RecordingRepairOptions, id: string) {
    this.#options = options;
    this.#id = id;
    this.#wav = join(options.dir, `${id}.wav`);
    this.#json = join(options.dir, `${id}.json`);
    this.#pending = `${this.#json}.tmp`;
  }

  /** Whether a look at the JSON and the WAV's size finds nothing to do. */
  async isSound(): Promise<boolean> {
    const [wav, pending] = await Promise.all([this.#look(this.#wav), this.#look(this.#pending)]);
    if (wav === null || wav === 'not a file' || pending === 'not a file') return true;
    const info = await this.#read(this.#json);
    return info !== null && pending === null && isSettled(info, wav);
  }

  /** Repairs it where that is ours to do. @throws the system's error */
  async run(): Promise<void> {
    for (const path of [this.#wav, this.#json, this.#pending]) {
      if ((await this.#look(path)) === 'not a file') return;
    }
    const told = await this.#tell();
    const facts = told ?? this.#factsOfName();
    if (facts === null || (await this.#isBeingWritten(told))) return;
    const file = await this.#options.disk.open(this.#wav, 'r');
    try {
      const size = (await file.stat()).size;
      if (told !== null && isSettled(told, size)) return await this.#putInPlace();
      const counted = await countedBytes(file);
      if (told?.complete && !(size < WAV_HEADER_BYTES || (counted !== null && counted > soundBytes(size)))) {
        // Complete, shorter and sound all the same: somebody has cut it.
        return;
      }
      if (counted === null && (await isCompleteWav(file, size))) return;
      const isWhole = counted !== null && counted === soundBytes(size) && WAV_HEADER_BYTES + counted === size;
      // A header that is not one of ours may be what a power loss left of one, or a format that nobody here knows.
      if (counted === null && size > WAV_HEADER_BYTES + MAX_WAV_DATA_BYTES) return;
      if (counted === null && size >= WAV_HEADER_BYTES) await this.#keepAside(this.#wav);
      // A JSON that can't be read may be damaged, or of a later version of Earshot.
      if (told === null) await this.#keepJsonAside();
      if (counted !== soundBytes(size)) await this.#count(soundBytes(size));
      await this.#describe(file, facts, soundBytes(size), told === null && isWhole);
    } finally {
      await file.close();
    }
  }

  /** What was written last about it. */
  async #tell(): Promise<RecordingInfo | null> {
    return (await this.#read(this.#pending)) ?? (await this.#read(this.#json));
  }

  async #isBeingWritten(told: RecordingInfo | null): Promise<boolean> {
    const { launches, isOpen } = this.#options;
    if (isOpen(this.#id)) return true;
    if (told === null ? await launches.othersRunning() : told.writer && (await launches.isRunning(told.writer)))
      return true;
    // Its writer may have finished it and ended since we read: then it is another one's word that holds.
    const again = await this.#tell();
    return JSON.stringify(again) !== JSON.stringify(told);
  }

  /** Ends the atomic write of a JSON that is true already, or removes what is left of one that failed. */
  async #putInPlace(): Promise<void> {
    const { disk } = this.#options;
    if ((await this.#read(this.#pending)) !== null) await disk.rename(this.#pending, this.#json);
    else if ((await this.#look(this.#pending)) !== null) await disk.unlink(this.#pending);
  }

  /** Copies a file that is not provably an unfinished recording of ours, before the repair writes over it. */
  async #keepAside(path: string): Promise<void> {
    try {
      await this.#options.disk.copyFile(path, `${path}${ASIDE}`, COPY);
    } catch (error) {
      // An earlier repair that did not come to its end has kept it already.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }

  /** One that is too long to be read is too long to be copied as well. */
  async #keepJsonAside(): Promise<void> {
    const size = await this.#look(this.#json);
    if (typeof size !== 'number' || size === 0) return;
    if (size <= MAX_JSON_BYTES) return this.#keepAside(this.#json);
    const aside = `${this.#json}${ASIDE}`;
    if ((await this.#look(aside)) === null) await this.#options.disk.rename(this.#json, aside);
  }

  async #count(dataBytes: number): Promise<void> {
    const file = await this.#options.disk.open(this.#wav, 'r+');
    try {
      await writeFully(file, encodeWavHeader(dataBytes), 0);
      // Before the JSON that calls it repaired.
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async #describe(file: DiskFile, facts: Facts, dataBytes: number, isWhole: boolean): Promise<void> {
    const { disk, signal, onRepaired } = this.#options;
    const duration_s = dataBytes / BYTES_PER_SECOND;
    const gaps = gapsWithin(facts.gaps, duration_s).sort((a, b) => a.at_s - b.at_s);
    const level = await measureLevel(file, dataBytes, gaps, signal);
    const { session_id, user_id, turn, started_at } = facts;
    const info: RecordingInfo = {
      id: this.#id,
      session_id,
      user_id,
      turn,
      started_at,
      duration_s,
      gaps,
      ...(facts.microphone === undefined ? {} : { microphone: stretchesWithin(facts.microphone, duration_s) }),
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      // A WAV that is whole was not cut short: what was lost is its JSON.
      ...(isWhole ? { complete: true, rebuilt: true } : { complete: false, repaired: true }),
      ...(facts.ended_early === undefined ? {} : { ended_early: facts.ended_early }),
    };
    await writeAtomically(disk, this.#json, infoText(info));
    onRepaired(info);
  }

  #factsOfName(): Facts | null {
    const turn = turnOfId(this.#id);
    return turn && { ...turn, user_id: '', gaps: [] };
  }

  async #read(path: string): Promise<RecordingInfo | null> {
    const size = await this.#look(path);
    if (typeof size !== 'number' || size > MAX_JSON_BYTES) return null;
    return parseInfo(await this.#options.disk.readFile(path, 'utf8'), this.#id);
  }

  /** A file's size in bytes; null where there is none. A link is not followed. */
  async #look(path: string): Promise<number | 'not a file' | null> {
    try {
      const found = await this.#options.disk.lstat(path);
      return found.isFile() ? found.size : 'not a file';
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
}

/** Whether what the JSON says needs no repair, seen by the WAV's size (bytes) alone. */
function isSettled({ complete, repaired, ended_early, duration_s }: RecordingInfo, size: number): boolean {
  const told = Math.round(duration_s * BYTES_PER_SECOND);
  if (complete) return soundBytes(size) >= told;
  // One that ended early was brought to its end by the launch that recorded it.
  return (repaired === true || ended_early !== undefined) && soundBytes(size) === told;
}

/** Bytes of whole samples in a WAV of this size, as far as a header can count them. */
function soundBytes(size: number): number {
  const bytes = Math.min(Math.max(size - WAV_HEADER_BYTES, 0), MAX_WAV_DATA_BYTES);
  return bytes - (bytes % BYTES_PER_SAMPLE);
}

/** What the header counts; null where it is not, byte for byte, one of ours. */
async function countedBytes(file: DiskFile): Promise<number | null> {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const counted = wavDataBytes(header.subarray(0, await readFully(file, header, 0)));
  return counted !== null && Buffer.compare(header, encodeWavHeader(counted)) === 0 ? counted : null;
}
