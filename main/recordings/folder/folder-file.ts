import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { replaceFileSync } from '../../files/owned-files.ts';
import { FILE_MODE } from '../disk.ts';

const AbsolutePath = z.string().min(1).max(4_096).refine(isAbsolute);
/** A path in the folder: a name, or a name in `deleted`. */
const FileName = z.string().regex(/^(?:deleted\/)?[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$/);

/** A file that a move has copied. */
export const MovedFile = z.object({
  from: FileName,
  /** Its name in the new folder. Another one if the new folder already has a recording of that name. */
  to: FileName,
  /** Its name in the staging folder. */
  staged: z.string().regex(/^\d{1,9}$/),
  /** Size, time of change and number of the original when it was copied. */
  bytes: z.number(),
  mtime_ms: z.number(),
  inode: z.number(),
  /** Size of the copy. */
  copied_bytes: z.number(),
});
export type MovedFile = z.infer<typeof MovedFile>;

export const Move = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** The launch that moves. */
  launch: z.string().max(100),
  from: AbsolutePath,
  to: AbsolutePath,
  /** `copying`: the old folder is used, and the copies are in the staging folder. `finishing`: the new folder is used. */
  phase: z.enum(['copying', 'finishing']),
  /** All files, once `phase` is `finishing`. */
  files: z.array(MovedFile),
});
export type Move = z.infer<typeof Move>;

export const FolderState = z.object({
  version: z.literal(1),
  /** Null: `recordings` in the data folder. */
  folder: AbsolutePath.nullable(),
  /** A move that has not ended. The next start ends it. */
  move: Move.nullable(),
});
export type FolderState = z.infer<typeof FolderState>;

export const DEFAULT_FOLDER_STATE: FolderState = { version: 1, folder: null, move: null };

/**
 * Path of the file that says where the recordings are. It is not a setting, because windows can change settings, and
 * only the system's dialog may choose a folder.
 */
export function folderFile(dataDir: string): string {
  return join(dataDir, 'recordings-folder.json');
}

/** @returns null if the text is not the content of such a file */
export function parseFolderState(text: string): FolderState | null {
  try {
    return FolderState.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Replaces the file atomically and at once: nothing else can happen in this process meanwhile. */
export function writeFolderStateSync(path: string, state: FolderState): void {
  replaceFileSync(path, `${JSON.stringify(state)}\n`, FILE_MODE);
}
