import { z } from 'zod';
import { MAX_NOTE, MAX_TITLE, MAX_WAV_SECONDS, RecordingInfo } from './recording.ts';
import { RetentionPolicy } from './retention.ts';

// Arguments, results and events of the calls that list and change recordings.

/** Maximum number of recordings in one page of the list. A page may hold fewer: its JSON is also limited. */
export const MAX_PAGE = 500;
/** Maximum number of recordings that one call deletes or restores. */
export const MAX_CHANGED_RECORDINGS = 1_000;
/** Maximum number of buckets of a waveform. */
const MAX_WAVEFORM_BUCKETS = 1_000;
/** How long (ms) a deleted recording can be restored. The next start also ends it. */
export const UNDO_MS = 10 * 60_000;

const Id = RecordingInfo.shape.id;
const Ids = z.object({ ids: z.array(Id).min(1).max(MAX_CHANGED_RECORDINGS) });

export const ListQuery = z.object({
  limit: z.int().min(1).max(MAX_PAGE),
  /** `next` of the previous page. Absent: from the newest. */
  after: z.string().max(200).optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const RecordingPage = z.object({
  /** Newest first. */
  recordings: z.array(RecordingInfo),
  /** Passed as `after`, it gives the next page; null: this is the last one. */
  next: z.string().nullable(),
  /** Number of recordings. Until the folder has been read once, this is the number of its files, an upper limit. */
  total: z.int().min(0),
});
export type RecordingPage = z.infer<typeof RecordingPage>;

export const Description = z.object({
  id: Id,
  /** An empty text removes it; absent: unchanged. */
  title: z.string().max(MAX_TITLE).optional(),
  note: z.string().max(MAX_NOTE).optional(),
});
export type Description = z.infer<typeof Description>;

export const RecordingIds = Ids;

const ChangeFailure = z.object({ id: Id, code: z.string(), message: z.string() });

/** Result of a call for several recordings: those that succeeded, and why the others did not. */
export const ChangeResult = z.object({ done: z.array(Id), failed: z.array(ChangeFailure) });
export type ChangeResult = z.infer<typeof ChangeResult>;

export const WaveformQuery = z.object({ id: Id, buckets: z.int().min(1).max(MAX_WAVEFORM_BUCKETS) });
/** `peaks`: the largest magnitude in each bucket, 0 to 255 (full scale). Fewer than asked for a shorter recording. */
export const Waveform = z.object({ peaks: z.array(z.int().min(0).max(255)).max(MAX_WAVEFORM_BUCKETS) });
export type Waveform = z.infer<typeof Waveform>;

export const RetentionQuery = z.object({ policy: RetentionPolicy });
/** What a retention policy would delete now. */
export const RetentionPreview = z.object({
  recordings: z.int().min(0),
  duration_s: z.number().min(0),
  /** Size of their WAV files. */
  bytes: z.number().min(0),
  /** `started_at` of the oldest and the newest of them; null: there are none. */
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;

const Second = z.number().min(0).max(MAX_WAV_SECONDS);
export const TrimRange = z.object({ id: Id, start_s: Second, end_s: Second });
export type TrimRange = z.infer<typeof TrimRange>;

export const RemovedRecordings = z.object({
  ids: z.array(Id).max(MAX_CHANGED_RECORDINGS),
  /** `deleted` by a window, `expired` by the retention policy, `missing`: another program removed the files. */
  why: z.enum(['deleted', 'expired', 'missing']),
});
export type RemovedRecordings = z.infer<typeof RemovedRecordings>;
