import { z } from 'zod';
import { RecordingInfo } from './recording.ts';

// Calls and events about recordings as files: saved copies, and files dragged out of a window.

/** Maximum number of recordings that are saved, or dragged out of a window, at once. */
export const MAX_FILES_AT_ONCE = 100;
/** Maximum characters of a file's path or URL in an event. */
const MAX_PATH = 8_192;

/** Number of a download in this launch, from 1. */
const DownloadId = z.int().min(1).max(1_000_000_000);
export const DownloadRef = z.object({ download: DownloadId });

export const DraggedRecordings = z.object({ ids: z.array(RecordingInfo.shape.id).min(1).max(MAX_FILES_AT_ONCE) });

/** Where a file is. `path`: it could not be shown in a file manager, so the window says where it is. */
export const ShownFile = z.object({ path: z.string().max(MAX_PATH).nullable() });

/** What became of a file that a window of the desktop app saves. A browser reports that itself. */
export const DownloadReport = z.object({
  download: DownloadId,
  /** The URL that the page saved. */
  url: z.string().max(MAX_PATH),
  /** The name of the file; the user may have changed it. */
  name: z.string().max(MAX_PATH),
  /** `cancelled`: by the user, in the save dialog or after it. */
  state: z.enum(['saving', 'saved', 'cancelled', 'failed']),
  /** Why it failed and what to do; otherwise null. */
  message: z.string().nullable(),
});
export type DownloadReport = z.infer<typeof DownloadReport>;
