import { z } from 'zod';
import { MicrophoneState } from './microphone-state.ts';
import { MAX_IMPORT_NAME } from './recording-import.ts';

/** Shorter turns (ms of audio) count as accidental presses and are saved only if the settings say so. */
export const MIN_RECORDING_MS = 300;
/** Maximum length of a recording's title and note, in characters (UTF-16 units). */
export const MAX_TITLE = 300;
export const MAX_NOTE = 10_000;
/** Length (s) of the longest WAV, rounded up: 4 GiB of samples. */
export const MAX_WAV_SECONDS = 134_218;

/** Content of a recording's JSON file, also sent to the window when a recording is saved. */
export const RecordingInfo = z.object({
  /** File name without extension; `<id>.wav` and `<id>.json` are in the same folder. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  session_id: z.string(),
  user_id: z.string(),
  /** Number of the turn in the session, from 1. */
  turn: z.int().min(1),
  /** Start by the wall clock, ISO 8601 in UTC. */
  started_at: z.string(),
  /**
   * Sort key in the format of `started_at`. Present only if it differs: the wall clock was set back, and `started_at`
   * would sort the recording before an earlier one of the same launch.
   */
  ordered_at: z.string().optional(),
  duration_s: z.number().min(0),
  /**
   * Audio that never arrived; the WAV contains silence of the same length instead. At most 1,000 entries: the last one
   * then includes the total of all later gaps.
   */
  gaps: z.array(z.object({ at_s: z.number(), seconds: z.number() })),
  /**
   * Microphone and its state: each entry applies from `at_s` until the next one. Absent if the client did not report
   * it, as in older versions. At most 200 entries: the last one is then replaced by the latest.
   */
  microphone: z.array(MicrophoneState.extend({ at_s: z.number().min(0) })).optional(),
  /**
   * Pauses by the user: recording stopped at `at_s` and went on `seconds` later. The WAV does not contain this time.
   * Absent if there were none. At most 200 entries: the last one then includes the total of all later pauses.
   */
  pauses: z.array(z.object({ at_s: z.number().min(0), seconds: z.number().min(0) })).optional(),
  /** 0 dBFS is full scale; null: digital silence. */
  peak_dbfs: z.number().nullable(),
  rms_dbfs: z.number().nullable(),
  /** False until the turn has ended normally. */
  complete: z.boolean(),
  /**
   * True if the app exited during the turn and a later start repaired the files: the recording contains what had
   * reached the disk. Absent otherwise.
   */
  repaired: z.boolean().optional(),
  /**
   * Why the recording ended before its turn: the error code, e.g. `disk_full`. Absent if the turn ended normally or the
   * app exited.
   */
  ended_early: z.string().optional(),
  /** True if the JSON was lost and recreated from an intact WAV: the user and the gaps are not known. */
  rebuilt: z.boolean().optional(),
  /** Only in lists, and only true: the turn is still in progress, in this launch or another running one. */
  being_written: z.boolean().optional(),
  /** One line, set by the user. */
  title: z.string().max(MAX_TITLE).optional(),
  /** Text of several lines, set by the user. */
  note: z.string().max(MAX_NOTE).optional(),
  /** The recording that this one is a part of, and which part, in seconds. Its own files need not exist any more. */
  trimmed_from: z.object({ id: z.string().max(128), start_s: z.number(), end_s: z.number() }).optional(),
  /** Name of the audio file from which the recording was imported. Absent if it was recorded. */
  imported_from: z.string().max(MAX_IMPORT_NAME).optional(),
  /** The launch of the host that writes the recording; absent once it is complete or repaired. */
  writer: z.string().optional(),
});
export type RecordingInfo = z.infer<typeof RecordingInfo>;
