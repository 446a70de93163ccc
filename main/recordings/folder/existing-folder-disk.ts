import { join } from 'node:path';
import type { EarshotError } from '../../../shared/errors.ts';
import { RECORDINGS_FOLDER_MISSING } from '../../../shared/recordings-folder.ts';
import { HostError } from '../../text/host-error.ts';
import { type Disk, errorCode } from '../disk.ts';
import { FOLDER_MARK } from './target-folder.ts';

/**
 * A disk that never creates the folder of the recordings. A chosen folder may be on a drive that is not connected:
 * creating it would put recordings where nobody looks for them.
 */
export function existingFolderDisk(disk: Disk, dir: string): Disk {
  /** @throws `ENOENT`, which the recorder takes as temporary: it keeps the audio and tries again */
  async function requireFolder(): Promise<void> {
    const present = await isFolderPresent(disk, dir);
    if (!present) throw Object.assign(new Error(`the folder ${dir} is missing`), { code: 'ENOENT' });
  }
  return {
    ...disk,
    async mkdir(path, options) {
      if (path === dir || path.startsWith(join(dir, '/'))) await requireFolder();
      return disk.mkdir(path, options);
    },
    async readdir(path) {
      if (path === dir && !(await isFolderPresent(disk, dir))) throw folderMissing(dir);
      return disk.readdir(path);
    },
  };
}

/** Whether a chosen folder is there. */
export function isFolderPresent(disk: Pick<Disk, 'lstat'>, dir: string): Promise<boolean> {
  return disk.lstat(join(dir, FOLDER_MARK)).then(
    (found) => found.isFile(),
    (error: unknown) => !['ENOENT', 'ENOTDIR', 'EIO', 'ENXIO', 'ENODEV'].includes(String(errorCode(error))),
  );
}

function folderMissing(dir: string): EarshotError {
  return new HostError(RECORDINGS_FOLDER_MISSING, (errors) => errors.folderMissing({ dir }));
}
