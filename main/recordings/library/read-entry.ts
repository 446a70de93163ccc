import { join } from 'node:path';
import { EarshotError } from '../../../shared/errors.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { WAV_HEADER_BYTES } from '../../../shared/wav-header.ts';
import { unsafeFile } from '../../files/owned-files.ts';
import { type Disk, errorCode, readFully } from '../disk.ts';
import { parseInfo } from '../list-recordings.ts';
import { BYTES_PER_SECOND } from '../pcm-batches.ts';
import { noSuchRecording } from '../recording-file.ts';
import { isRecordingId } from '../recording-id.ts';
import { wavDataBytes } from '../wav.ts';
import { changeFailed, recordingDamaged } from './library-errors.ts';

/** A recording as its files describe it. */
export interface LibraryEntry {
  info: RecordingInfo;
  wavBytes: number;
  jsonBytes: number;
  /** When the JSON was last changed (`ctimeMs`) before it was read, and when it was read, in ms since the epoch. */
  jsonChangedAt: number;
  readAt: number;
}

/** Whether the turn has ended, or a repair has finished what an earlier launch left. */
export function isSettled({ complete, repaired, ended_early }: RecordingInfo): boolean {
  return complete || repaired === true || ended_early !== undefined;
}

/**
 * Reads one recording.
 * @param hasPending whether a temporary JSON may exist. A complete one is newer than the JSON
 * @returns null if its WAV is missing or its JSON is missing or damaged
 * @throws {EarshotError} `file_unsafe`
 * @throws `ETIMEDOUT` if the disk does not answer
 */
export async function readEntry(
  disk: Disk,
  dir: string,
  id: string,
  hasPending: boolean,
): Promise<LibraryEntry | null> {
  if (!isRecordingId(id)) return null;
  try {
    return await readFiles(disk, dir, id, hasPending);
  } catch (error) {
    if (error instanceof EarshotError || errorCode(error) === 'ETIMEDOUT') throw error;
    return null;
  }
}

/**
 * As `readEntry`, for one recording that a window names.
 * @throws {EarshotError} `no_such_recording`, `recording_damaged`, `recording_unreadable`, `file_unsafe`
 */
export async function requireEntry(disk: Disk, dir: string, id: string): Promise<LibraryEntry> {
  if (!isRecordingId(id)) throw noSuchRecording();
  try {
    const found = await readFiles(disk, dir, id, true);
    if (found !== null) return found;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw noSuchRecording(error);
    throw changeFailed('recording_unreadable', 'changed', dir, error);
  }
  throw recordingDamaged(id);
}

async function readFiles(disk: Disk, dir: string, id: string, hasPending: boolean): Promise<LibraryEntry | null> {
  const readAt = Date.now();
  const read = async (ending: string) => {
    const path = join(dir, `${id}${ending}`);
    const { ctimeMs } = await disk.lstat(path);
    const text = await disk.readFile(path, 'utf8');
    const info = parseInfo(text, id);
    return info && { info, jsonBytes: Buffer.byteLength(text), jsonChangedAt: ctimeMs };
  };
  const found = (hasPending ? await read('.json.tmp').catch(() => null) : null) ?? (await read('.json'));
  if (found === null) return null;
  const wav = join(dir, `${id}.wav`);
  const file = await disk.lstat(wav);
  if (!file.isFile()) throw unsafeFile(wav, 'notYours', 'replace');
  const { info } = found;
  if (info.complete || info.repaired) return { ...found, wavBytes: file.size, readAt };
  // Still being recorded, or interrupted by a crash: the WAV header is newer than the JSON.
  return {
    ...found,
    info: { ...info, duration_s: await readDuration(disk, wav) },
    wavBytes: file.size,
    readAt,
  };
}

/** The duration (s) that a WAV's header counts. */
async function readDuration(disk: Disk, wav: string): Promise<number> {
  const file = await disk.open(wav, 'r');
  try {
    const header = new Uint8Array(WAV_HEADER_BYTES);
    return (wavDataBytes(header.subarray(0, await readFully(file, header, 0))) ?? 0) / BYTES_PER_SECOND;
  } finally {
    await file.close();
  }
}
