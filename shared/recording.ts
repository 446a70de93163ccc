import { z } from 'zod';

/** What the JSON beside each recording says, and what the window is told when one is saved. */
export const RecordingInfo = z.object({
  /** File name without its ending; `<id>.wav` and `<id>.json` lie side by side. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  session_id: z.string(),
  user_id: z.string(),
  /** Which turn of the session, from 1. */
  turn: z.int().min(1),
  /** ISO 8601, UTC. */
  started_at: z.string(),
  duration_s: z.number().min(0),
  /**
   * Audio that never arrived: silence of the same length stands in its place in the WAV. The list has an end (1,000): its
   * last entry then sums up all later gaps, so that no lost second is left out.
   */
  gaps: z.array(z.object({ at_s: z.number(), seconds: z.number() })),
  /** 0 dBFS is full scale; null: digital silence. */
  peak_dbfs: z.number().nullable(),
  rms_dbfs: z.number().nullable(),
  /** False until the turn has ended in good order. */
  complete: z.boolean(),
  /**
   * True when the app ended without finishing the turn and a later start repaired its files: this is all that had reached
   * the disk, and nothing more will come. Absent in every other recording.
   */
  repaired: z.boolean().optional(),
  /**
   * Why the recording ended before its turn did: the code of the error that was said then, e.g. `disk_full`. Absent where
   * the turn ended in good order, and where the app itself ended.
   */
  ended_early: z.string().optional(),
  /** True when the JSON was lost and written anew from a WAV that is whole: who spoke, and the gaps, are not known. */
  rebuilt: z.boolean().optional(),
  /** Which launch of the host is writing it; absent once it is complete or repaired. */
  writer: z.string().optional(),
});
export type RecordingInfo = z.infer<typeof RecordingInfo>;
