import { z } from 'zod';

/** The error code of a call that needs the folder while it is not there. */
export const RECORDINGS_FOLDER_MISSING = 'recordings_folder_missing';

/** The folder of the recordings, and what is being done with it. */
export const RecordingsFolder = z.object({
  /** Absolute path. While recordings are moved, still the folder that they come from. */
  path: z.string(),
  /** `recordings` in the data folder. */
  is_default: z.boolean(),
  /** False: it is not there, for example because its drive is not connected. */
  present: z.boolean(),
  /** The move in progress; null: none. */
  move: z
    .object({
      to: z.string(),
      /** `waiting`: everything is copied, and a recording has to end first. `finishing`: it can't be cancelled any more. */
      step: z.enum(['copying', 'waiting', 'finishing']),
      files: z.int().min(0),
      all_files: z.int().min(0),
    })
    .nullable(),
  /** Why the last change failed, and what to do; null: it did not. */
  error: z.string().nullable(),
});
export type RecordingsFolder = z.infer<typeof RecordingsFolder>;
