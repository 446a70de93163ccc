import { join } from 'node:path';
import { describeError, EarshotError } from '../../../shared/errors.ts';
import { readOwnedFileSync, replaceFileSync } from '../../files/owned-files.ts';
import { errorCode, FILE_MODE } from '../disk.ts';
import type { Launches } from '../recording-repair.ts';
import { DEFAULT_FOLDER_STATE, type FolderState, folderFile, parseFolderState } from './folder-file.ts';
import { finishMove, rollBack } from './folder-move.ts';
import type { MoveDisk } from './move-disk.ts';

/** Size limit of the file: a move of 100,000 recordings. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads where the recordings are, and ends a move that an earlier launch did not end: one whose copies were complete is
 * finished, any other one is undone. A damaged file is kept under another name, and the default folder is used.
 * @param onProblem told in a sentence; the recordings are then still where they were
 */
export async function openFolderState(
  dataDir: string,
  disk: MoveDisk,
  launches: Pick<Launches, 'isRunning'>,
  onProblem: (error: EarshotError) => void,
): Promise<FolderState> {
  const path = folderFile(dataDir);
  const state = readState(path, onProblem);
  const { move } = state;
  // Another Earshot with the same data is moving them.
  if (move === null || (await launches.isRunning(move.launch))) return state;
  const done: FolderState = { ...state, move: null };
  try {
    if (move.phase === 'copying') await rollBack(disk, move);
    else await finishMove(disk, move);
    disk.saveStateSync(path, done);
    return done;
  } catch (cause) {
    onProblem(
      new EarshotError(
        'move_unfinished',
        `Moving the recordings from ${move.from} to ${move.to} was interrupted and could not be ended ` +
          `(${describeError(cause)}). Nothing is lost. Connect both drives, then restart Earshot.`,
        { cause },
      ),
    );
    return state;
  }
}

function readState(path: string, onProblem: (error: EarshotError) => void): FolderState {
  let text: string;
  try {
    text = readOwnedFileSync(path, MAX_BYTES);
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') onProblem(unreadable(path, describeError(cause), cause));
    return DEFAULT_FOLDER_STATE;
  }
  const state = parseFolderState(text);
  if (state !== null) return state;
  try {
    replaceFileSync(`${path}.bad`, text, FILE_MODE);
  } catch {
    // The file stays as it is until the next change of the folder.
  }
  onProblem(unreadable(path, 'it is damaged'));
  return DEFAULT_FOLDER_STATE;
}

function unreadable(path: string, why: string, cause?: unknown): EarshotError {
  const message = `The file ${path}, which says where the recordings are, can’t be used (${why}). Earshot uses the default folder. Choose your folder again in the settings.`;
  return new EarshotError('folder_file_damaged', message, cause === undefined ? {} : { cause });
}

/** The folder of the recordings if none was chosen. */
export const defaultFolder = (dataDir: string): string => join(dataDir, 'recordings');
