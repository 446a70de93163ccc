import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';

// Decides whether and how a recording is repaired. Pure; `RecordingRepair` reads and writes the files.

/** The steps of a repair, in the order in which they are made. The JSON is always written, at the end. */
export interface RepairPlan {
  /** Change nothing if the WAV is valid after all, because another program has saved it. */
  skipIfValid: boolean;
  backUpWav: boolean;
  backUpJson: boolean;
  /** Whether to replace the WAV's header. */
  writeHeader: boolean;
  /** Bytes of whole samples in the WAV. */
  dataBytes: number;
  /** Whether the recording was not interrupted: its WAV is intact, and only its JSON was lost. */
  isComplete: boolean;
}

/**
 * Plans the repair of a recording whose JSON does not match its WAV.
 * @param info the JSON; null: there is none, or it can't be read
 * @param size size of the WAV file in bytes
 * @param headerDataBytes bytes of samples according to the WAV's header; null: Earshot did not write this header
 * @returns null: change nothing
 */
export function planRepair(
  info: Pick<RecordingInfo, 'complete'> | null,
  size: number,
  headerDataBytes: number | null,
): RepairPlan | null {
  const dataBytes = dataBytesOf(size);
  const hasUnknownHeader = headerDataBytes === null;
  const isCutOff = size < WAV_HEADER_BYTES || (!hasUnknownHeader && headerDataBytes > dataBytes);
  // A complete recording with less audio than its JSON says, but a header that fits: the user has shortened it.
  if (info?.complete && !isCutOff) return null;
  // Larger than any recording, with a header of another format.
  if (hasUnknownHeader && size > WAV_HEADER_BYTES + MAX_WAV_DATA_BYTES) return null;
  return {
    skipIfValid: hasUnknownHeader,
    // An unknown header may be damaged by a power loss, or belong to another format.
    backUpWav: hasUnknownHeader && size >= WAV_HEADER_BYTES,
    // An unreadable JSON may be damaged, or written by a later version of Earshot.
    backUpJson: info === null,
    writeHeader: headerDataBytes !== dataBytes,
    dataBytes,
    isComplete: info === null && headerDataBytes === dataBytes && size === WAV_HEADER_BYTES + dataBytes,
  };
}

/** Whether the JSON matches the WAV's size (bytes), so that no repair is needed. */
export function matchesWavSize(
  {
    complete,
    repaired,
    ended_early,
    duration_s,
  }: Pick<RecordingInfo, 'complete' | 'repaired' | 'ended_early' | 'duration_s'>,
  size: number,
): boolean {
  const describedBytes = Math.round(duration_s * BYTES_PER_SECOND);
  if (complete) return dataBytesOf(size) >= describedBytes;
  // A recording that ended early was finished by the launch that recorded it.
  return (repaired === true || ended_early !== undefined) && dataBytesOf(size) === describedBytes;
}

/** Bytes of whole samples in a WAV of this size (bytes), at most what a header can count. */
function dataBytesOf(size: number): number {
  const bytes = Math.min(Math.max(size - WAV_HEADER_BYTES, 0), MAX_WAV_DATA_BYTES);
  return bytes - (bytes % BYTES_PER_SAMPLE);
}
