import { join } from 'node:path';
import { EarshotError } from '../../shared/errors.ts';
import { type Disk, readFully } from './disk.ts';
import { isRecordingId } from './recording-id.ts';

/** Most bytes of a recording that are in memory at once for one reader (8 s of sound). */
export const PIECE_BYTES = 256 * 1024;

/**
 * The size of a recording's WAV by now, in bytes.
 * @throws {EarshotError} `no_such_recording`, also where something else than a file has its name
 */
export async function recordingSize(disk: Disk, dir: string, id: string): Promise<number> {
  // The id is the only part of the path that comes from a window.
  if (!isRecordingId(id)) throw noSuchRecording();
  try {
    const found = await disk.lstat(wavPath(dir, id));
    if (found.isFile()) return found.size;
  } catch (error) {
    throw noSuchRecording(error);
  }
  throw noSuchRecording();
}

/**
 * A part of a recording's WAV, piece by piece as it is asked for. Between two pieces the file is closed: a reader that waits
 * for hours, as a paused player does, neither uses up open files nor keeps a person from deleting this one.
 * @param start the first byte
 * @param end the byte after the last; at most the file's size
 * @throws {EarshotError} `no_such_recording` when it is gone, `recording_unreadable` when it has ended before `end`
 */
export async function* readRecording(
  disk: Disk,
  dir: string,
  id: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let at = start; at < end; ) {
    const piece = await readPiece(disk, dir, id, at, Math.min(PIECE_BYTES, end - at));
    at += piece.byteLength;
    yield piece;
  }
}

async function readPiece(
  disk: Disk,
  dir: string,
  id: string,
  at: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Also that it is a file still: a link that has taken its place must not be followed.
  const size = await recordingSize(disk, dir, id);
  const piece = new Uint8Array(length);
  if (at + length <= size) {
    const file = await disk.open(wavPath(dir, id), 'r');
    try {
      if ((await readFully(file, piece, at)) === length) return piece;
    } finally {
      await file.close();
    }
  }
  throw new EarshotError(
    'recording_unreadable',
    `The file of the recording ${id} has become shorter while it was read.`,
  );
}

function wavPath(dir: string, id: string): string {
  return join(dir, `${id}.wav`);
}

function noSuchRecording(cause?: unknown): EarshotError {
  return new EarshotError(
    'no_such_recording',
    'This recording is not there any more. It may have been removed from its folder; look at the list again.',
    { cause },
  );
}
