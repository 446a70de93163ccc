import { join } from 'node:path';
import type { EarshotError } from '../../shared/errors.ts';
import { HostError } from '../text/host-error.ts';
import { type Disk, readFully } from './disk.ts';
import { isRecordingId } from './recording-id.ts';

/** The most bytes (8 s of audio) that one reader keeps in memory. */
export const PIECE_BYTES = 256 * 1024;

/**
 * The current size of a recording's WAV, in bytes.
 * @throws {EarshotError} `no_such_recording`, also if its name belongs to something other than a regular file
 */
export async function recordingSize(disk: Disk, dir: string, id: string): Promise<number> {
  // The id comes from a window and becomes part of a path.
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
 * Reads part of a recording's WAV, one piece per request. The file is closed between pieces, so a player that pauses
 * for hours neither holds a file descriptor nor prevents the user from deleting the file.
 * @param start first byte
 * @param end byte after the last; at most the file's size
 * @throws {EarshotError} `no_such_recording` if the file is gone, `recording_unreadable` if it ends before `end`
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
  // This also checks that the path is still a regular file: a link that replaced it must not be followed.
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
  throw new HostError('recording_unreadable', ({ recordingShorter }) => recordingShorter({ id }));
}

function wavPath(dir: string, id: string): string {
  return join(dir, `${id}.wav`);
}

/** The error for an id that belongs to no recording. */
export function noSuchRecording(cause?: unknown): EarshotError {
  return new HostError('no_such_recording', (errors) => errors.noSuchRecording, { cause });
}
