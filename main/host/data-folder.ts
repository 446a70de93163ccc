import { EarshotError } from '../../shared/errors.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { secureFolder } from '../files/owned-files.ts';
import { HostError } from '../text/host-error.ts';

/** A data folder that is ready for use. */
export interface DataFolder {
  /** Whether other users could write to it until `prepareDataFolder` removed that permission. */
  othersWriteRemoved: boolean;
}

/**
 * Creates the data folder, readable by its owner only, and removes other users' write permission.
 * @throws {EarshotError} `folder_unsafe`, `data_dir_unusable`
 */
export async function prepareDataFolder(path: string): Promise<DataFolder> {
  return explainFolderErrors(path, async () => {
    await ensureFolder(path);
    return { othersWriteRemoved: await secureFolder(path) };
  });
}

/**
 * Runs `work`, which needs the data folder.
 * @throws {EarshotError} `data_dir_unusable` in place of a system error; other `EarshotError`s pass through
 */
export async function explainFolderErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    throw new HostError('data_dir_unusable', ({ dataDirUnusable }) => dataDirUnusable({ path }), { cause });
  }
}
