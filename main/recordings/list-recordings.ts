import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { unsafeFile } from '../files/own-files.ts';
import { type Disk, errorCode, readFully } from './disk.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';
import { isRecordingId } from './recording-id.ts';
import { wavDataBytes } from './wav.ts';

/** So many files are looked at side by side: a folder of thousands must not use up the process's open files. */
export const MAX_PARALLEL_READS = 32;

/** A recording whose files are there and are not used, or that the disk did not answer for in time. */
export interface SkippedFile {
  id: string;
  cause: unknown;
}

/**
 * What the folder holds, newest first. What can't be read, or whose sound is gone, is left out; no folder is no recordings.
 * @returns also what is left out for a reason that a person can do something about
 * @throws {EarshotError} `recordings_unreadable` when the folder is there and can't be read; `folder_unsafe`
 */
export async function listRecordings(
  disk: Disk,
  dir: string,
): Promise<{ found: RecordingInfo[]; leftOut: SkippedFile[] }> {
  const names = await folderNames(disk, dir);
  // A JSON that could not be put in its place stands beside it, whole and newer.
  const waiting = new Set(
    names.filter((name) => name.endsWith('.json.tmp')).map((name) => name.slice(0, -'.json.tmp'.length)),
  );
  const ids = [
    ...new Set([
      ...names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)),
      ...waiting,
    ]),
  ];
  const found: RecordingInfo[] = [];
  const leftOut: SkippedFile[] = [];
  for (let from = 0; from < ids.length; from += MAX_PARALLEL_READS) {
    const infos = await Promise.all(
      ids.slice(from, from + MAX_PARALLEL_READS).map((id) => readInfo(disk, dir, id, waiting.has(id), leftOut)),
    );
    for (const info of infos) if (info !== null) found.push(info);
  }
  found.sort((a, b) => compare(placeOf(b), placeOf(a)) || compare(b.id, a.id));
  return { found, leftOut: leftOut.sort((a, b) => compare(b.id, a.id)) };
}

/** What a person reads of it. */
export function recordingsLeftOut(dir: string, count: number, { id, cause }: SkippedFile): EarshotError {
  const some = count === 1 ? 'One recording is' : `${count} recordings are`;
  // A refused file is named in its own sentence, with what to do.
  const why =
    cause instanceof EarshotError ? cause.message : `Check ${id} in ${dir}, and the disk (${describeError(cause)}).`;
  return new EarshotError('recordings_left_out', `${some} not in the list. ${why} Then reload the window.`, { cause });
}

/**
 * The names in the folder; no folder has none.
 * @throws {EarshotError} `recordings_unreadable`
 */
export async function folderNames(disk: Disk, dir: string): Promise<string[]> {
  try {
    return await disk.readdir(dir);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    if (cause instanceof EarshotError) throw cause;
    throw new EarshotError('recordings_unreadable', `The folder ${dir} can't be read. Check its rights.`, { cause });
  }
}

async function readInfo(
  disk: Disk,
  dir: string,
  id: string,
  isWaiting: boolean,
  leftOut: SkippedFile[],
): Promise<RecordingInfo | null> {
  if (!isRecordingId(id)) return null;
  try {
    const read = async (ending: string) => parseInfo(await disk.readFile(join(dir, `${id}${ending}`), 'utf8'), id);
    const info = (isWaiting ? await read('.json.tmp').catch(() => null) : null) ?? (await read('.json'));
    if (info === null) return null;
    const wav = join(dir, `${id}.wav`);
    if (info.complete || info.repaired) {
      if (!(await disk.lstat(wav)).isFile())
        throw unsafeFile(wav, 'is no regular file of yours', 'Put a copy in its place.');
      return info;
    }
    // Still recorded, or cut off by a crash: the WAV's header is newer than its JSON.
    return { ...info, duration_s: await readDuration(disk, wav) };
  } catch (cause) {
    // Sound that is gone, or a JSON without any, is no news.
    if (cause instanceof EarshotError || errorCode(cause) === 'ETIMEDOUT') leftOut.push({ id, cause });
    return null;
  }
}

/** A recording's JSON as it stands in its file. */
export function infoText(info: RecordingInfo): string {
  return `${JSON.stringify(info, null, 2)}\n`;
}

/** What the JSON of this recording says; null for text that is damaged or another recording's. */
export function parseInfo(text: string, id: string): RecordingInfo | null {
  try {
    const info = RecordingInfo.parse(JSON.parse(text));
    return info.id === id ? info : null;
  } catch {
    return null;
  }
}

/** Seconds of audio that a WAV's header counts. */
async function readDuration(disk: Disk, wav: string): Promise<number> {
  const file = await disk.open(wav, 'r');
  try {
    const header = new Uint8Array(WAV_HEADER_BYTES);
    return (wavDataBytes(header.subarray(0, await readFully(file, header, 0))) ?? 0) / BYTES_PER_SECOND;
  } finally {
    await file.close();
  }
}

/** Where it stands in time among the others: its start, unless the clock was set back before it. */
function placeOf({ ordered_at, started_at }: RecordingInfo): string {
  return ordered_at ?? started_at;
}

/** Plain code-unit order: ids and ISO times are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
