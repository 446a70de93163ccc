import { join } from 'node:path';
import { READ_CHUNK_BYTES } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { type Disk, errorCode, readFully } from './disk.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';
import { isRecordingId } from './recording-id.ts';
import { WAV_HEADER_BYTES, wavDataBytes } from './wav.ts';

/** So many files are looked at side by side: a folder of thousands must not use up the process's open files. */
export const SIDE_BY_SIDE = 32;

/**
 * What the folder holds, newest first. What can't be read, or whose sound is gone, is left out; no folder is no recordings.
 * @throws {EarshotError} `recordings_unreadable` when the folder is there and can't be read
 */
export async function listRecordings(disk: Disk, dir: string): Promise<RecordingInfo[]> {
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
  for (let from = 0; from < ids.length; from += SIDE_BY_SIDE) {
    const infos = await Promise.all(
      ids.slice(from, from + SIDE_BY_SIDE).map((id) => readInfo(disk, dir, id, waiting.has(id))),
    );
    for (const info of infos) if (info !== null) found.push(info);
  }
  return found.sort((a, b) => compare(b.started_at, a.started_at) || compare(b.id, a.id));
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
    throw new EarshotError('recordings_unreadable', `The folder ${dir} can't be read. Check its rights.`, { cause });
  }
}

/**
 * A piece of a recording's WAV.
 * @param offset in bytes; at or after the end it gives no data
 * @returns at most `READ_CHUNK_BYTES` from there, and how many bytes the whole file has by now
 * @throws {EarshotError} `no_such_recording`
 */
export async function readRecording(
  disk: Disk,
  dir: string,
  id: string,
  offset: number,
): Promise<{ data: Buffer; total: number }> {
  // The id is the only part of the path that comes from a window.
  if (!isRecordingId(id) || !Number.isSafeInteger(offset) || offset < 0) throw noSuchRecording();
  let file: Awaited<ReturnType<Disk['open']>>;
  try {
    file = await disk.open(join(dir, `${id}.wav`), 'r');
  } catch (error) {
    throw noSuchRecording(error);
  }
  try {
    const { size: total } = await file.stat();
    const data = Buffer.allocUnsafe(Math.min(READ_CHUNK_BYTES, Math.max(total - offset, 0)));
    return { data: data.subarray(0, await readFully(file, data, offset)), total };
  } catch (error) {
    throw noSuchRecording(error);
  } finally {
    await file.close();
  }
}

async function readInfo(disk: Disk, dir: string, id: string, isWaiting: boolean): Promise<RecordingInfo | null> {
  if (!isRecordingId(id)) return null;
  try {
    const read = async (ending: string) => parseInfo(await disk.readFile(join(dir, `${id}${ending}`), 'utf8'), id);
    const info = (isWaiting ? await read('.json.tmp').catch(() => null) : null) ?? (await read('.json'));
    if (info === null) return null;
    const wav = join(dir, `${id}.wav`);
    if (info.complete || info.repaired) {
      await disk.stat(wav);
      return info;
    }
    // Still recorded, or cut off by a crash: the WAV's header is newer than its JSON.
    return { ...info, duration_s: await readDuration(disk, wav) };
  } catch {
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

function noSuchRecording(cause?: unknown): EarshotError {
  return new EarshotError(
    'no_such_recording',
    'This recording is not there any more. It may have been removed from its folder; look at the list again.',
    { cause },
  );
}

/** Plain code-unit order: ids and ISO times are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
