import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { unsafeFile } from '../files/owned-files.ts';
import { type Disk, errorCode, readFully } from './disk.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';
import { isRecordingId } from './recording-id.ts';
import { wavDataBytes } from './wav.ts';

/**
 * How many files are read in parallel, so that a folder of thousands does not use up the process's file descriptors.
 */
export const MAX_PARALLEL_READS = 32;

/** A recording that is missing from the list because a file was refused or the disk did not answer in time. */
export interface SkippedFile {
  id: string;
  cause: unknown;
}

/**
 * Lists the recordings in the folder, newest first, without those that can't be read or have no WAV. A missing folder
 * has no recordings.
 * @returns `leftOut`: recordings that are missing for a reason that the user can fix
 * @throws {EarshotError} `recordings_unreadable` if the folder exists but can't be read; `folder_unsafe`
 */
export async function listRecordings(
  disk: Disk,
  dir: string,
): Promise<{ found: RecordingInfo[]; leftOut: SkippedFile[] }> {
  const names = await readFolder(disk, dir);
  // A temporary JSON that could not be renamed is complete and newer than the JSON.
  const pending = new Set(
    names.filter((name) => name.endsWith('.json.tmp')).map((name) => name.slice(0, -'.json.tmp'.length)),
  );
  const ids = [
    ...new Set([
      ...names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)),
      ...pending,
    ]),
  ];
  const found: RecordingInfo[] = [];
  const leftOut: SkippedFile[] = [];
  for (let from = 0; from < ids.length; from += MAX_PARALLEL_READS) {
    const infos = await Promise.all(
      ids.slice(from, from + MAX_PARALLEL_READS).map((id) => readInfo(disk, dir, id, pending.has(id), leftOut)),
    );
    for (const info of infos) if (info !== null) found.push(info);
  }
  found.sort((a, b) => compare(sortKey(b), sortKey(a)) || compare(b.id, a.id));
  return { found, leftOut: leftOut.sort((a, b) => compare(b.id, a.id)) };
}

/** The error shown when recordings are missing from the list. */
export function recordingsLeftOut(dir: string, count: number, { id, cause }: SkippedFile): EarshotError {
  const some = count === 1 ? 'One recording is' : `${count} recordings are`;
  // The message of a refused file names the file and says what to do.
  const why =
    cause instanceof EarshotError ? cause.message : `Check ${id} in ${dir}, and the disk (${describeError(cause)}).`;
  return new EarshotError('recordings_left_out', `${some} not in the list. ${why} Then reload the window.`, { cause });
}

/**
 * The names in the folder; none if it does not exist.
 * @throws {EarshotError} `recordings_unreadable`
 */
export async function readFolder(disk: Disk, dir: string): Promise<string[]> {
  try {
    return await disk.readdir(dir);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    if (cause instanceof EarshotError) throw cause;
    throw new EarshotError('recordings_unreadable', `The folder ${dir} can't be read. Check its permissions.`, {
      cause,
    });
  }
}

async function readInfo(
  disk: Disk,
  dir: string,
  id: string,
  hasPending: boolean,
  leftOut: SkippedFile[],
): Promise<RecordingInfo | null> {
  if (!isRecordingId(id)) return null;
  try {
    const read = async (ending: string) => parseInfo(await disk.readFile(join(dir, `${id}${ending}`), 'utf8'), id);
    const info = (hasPending ? await read('.json.tmp').catch(() => null) : null) ?? (await read('.json'));
    if (info === null) return null;
    const wav = join(dir, `${id}.wav`);
    if (info.complete || info.repaired) {
      if (!(await disk.lstat(wav)).isFile())
        throw unsafeFile(wav, 'is no regular file of yours', 'Put a copy in its place.');
      return info;
    }
    // Still being recorded, or interrupted by a crash: the WAV header is newer than the JSON.
    return { ...info, duration_s: await readDuration(disk, wav) };
  } catch (cause) {
    // A JSON without a WAV is ignored silently.
    if (cause instanceof EarshotError || errorCode(cause) === 'ETIMEDOUT') leftOut.push({ id, cause });
    return null;
  }
}

/** The text of a recording's JSON file. */
export function infoText(info: RecordingInfo): string {
  return `${JSON.stringify(info, null, 2)}\n`;
}

/** Parses a recording's JSON; null if it is damaged or belongs to another recording. */
export function parseInfo(text: string, id: string): RecordingInfo | null {
  try {
    const info = RecordingInfo.parse(JSON.parse(text));
    return info.id === id ? info : null;
  } catch {
    return null;
  }
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

/** Sort key of a recording: its start, unless the clock was set back before it. */
function sortKey({ ordered_at, started_at }: RecordingInfo): string {
  return ordered_at ?? started_at;
}

/** Compares by code units, which is enough for ids and ISO times. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
