import { describeError, EarshotError } from '../../shared/errors.ts';
import { MAX_NOTE, MAX_TITLE, RecordingInfo } from '../../shared/recording.ts';
import { MAX_IMPORT_NAME } from '../../shared/recording-import.ts';
import { HostError } from '../text/host-error.ts';
import { type Disk, errorCode } from './disk.ts';

/**
 * How many files are read in parallel, so that a folder of thousands does not use up the process's file descriptors.
 */
export const MAX_PARALLEL_READS = 32;

/** A recording that is missing from the list because a file was refused or the disk did not answer in time. */
export interface SkippedFile {
  id: string;
  cause: unknown;
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
    throw new HostError('recordings_unreadable', ({ recordingsUnreadable }) => recordingsUnreadable({ dir }), {
      cause,
    });
  }
}

/** The text of a recording's JSON file. */
export function infoText(info: object): string {
  return `${JSON.stringify(info, null, 2)}\n`;
}

/** Parses a recording's JSON; null if it is damaged or belongs to another recording. */
export function parseInfo(text: string, id: string): RecordingInfo | null {
  try {
    const info = RecordingInfo.parse(withShortTexts(JSON.parse(text)));
    return info.id === id ? info : null;
  } catch {
    return null;
  }
}

/** Cuts texts that another program wrote, so that an unusual one does not hide the recording. */
function withShortTexts(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null) return stored;
  const { title, note, imported_from, ...rest } = stored as Record<string, unknown>;
  return {
    ...rest,
    ...(typeof title === 'string' ? { title: title.slice(0, MAX_TITLE) } : {}),
    ...(typeof note === 'string' ? { note: note.slice(0, MAX_NOTE) } : {}),
    ...(typeof imported_from === 'string' ? { imported_from: imported_from.slice(0, MAX_IMPORT_NAME) } : {}),
  };
}
