import { EarshotError } from '../../shared/errors.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { secureFolder } from '../files/own-files.ts';

/** A data folder that is ours, as it was found. */
export interface DataFolder {
  /** Others could write into it, and can't any more. */
  closedToOthers: boolean;
}

/**
 * Makes the data folder, readable by its owner alone, and closes it to other writers.
 * @throws {EarshotError} `folder_unsafe`, `data_dir_unusable`
 */
export async function prepareDataFolder(path: string): Promise<DataFolder> {
  return usable(path, async () => {
    await ensureFolder(path);
    return { closedToOthers: await secureFolder(path) };
  });
}

/** Does something in the data folder that has to be possible. @throws {EarshotError} `data_dir_unusable` where the system says no */
export async function usable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    throw new EarshotError(
      'data_dir_unusable',
      `Earshot can't keep its data in ${path}. Check that it is a folder you may write to and that the disk has room.`,
      { cause },
    );
  }
}
