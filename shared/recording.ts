import { z } from 'zod';
import { MicrophoneState } from './microphone-state.ts';

/** A turn that its speaker ended sooner (ms of audio) was a press by mistake: it is saved only where the settings ask for it. */
export const MIN_RECORDING_MS = 300;

/** What the JSON beside each recording says, and what the window is told when one is saved. */
export const RecordingInfo = z.object({
  /** File name without its ending; `<id>.wav` and `<id>.json` lie side by side. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  session_id: z.string(),
  user_id: z.string(),
  /** Which turn of the session, from 1. */
  turn: z.int().min(1),
  /** By the wall clock, ISO 8601, UTC: the time of day that a person reads. */
  started_at: z.string(),
  /**
   * Where the recording stands among the others, in the form of `started_at`. Only there where it differs from it: the wall
   * clock was set back, and the recording would come before one that its launch had begun earlier.
   */
  ordered_at: z.string().optional(),
  duration_s: z.number().min(0),
  /**
   * Audio that never arrived: silence of the same length stands in its place in the WAV. The list has an end (1,000): its
   * last entry then sums up all later gaps, so that no lost second is left out.
   */
  gaps: z.array(z.object({ at_s: z.number(), seconds: z.number() })),
  /**
   * Which microphone was heard, and how: each entry from `at_s` until the next one, the last until the end. Absent where the
   * client did not say, as in recordings of older versions. The list has an end (200): then the last entry is the latest.
   */
  microphone: z.array(MicrophoneState.extend({ at_s: z.number().min(0) })).optional(),
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
  /** In a list only, and only true: the turn goes on, in this launch or in another that runs. */
  being_written: z.boolean().optional(),
  /** Which launch of the host is writing it; absent once it is complete or repaired. */
  writer: z.string().optional(),
});
export type RecordingInfo = z.infer<typeof RecordingInfo>;
