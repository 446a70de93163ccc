import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { addLevel, emptyLevel, type LevelSum } from '../../shared/level.ts';
import { WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { type DiskFile, readFully } from './disk.ts';
import { type Gaps, toSamples } from './gaps.ts';
import { BYTES_PER_SECOND } from './pcm-batches.ts';

/** A recording is read in pieces of this size: 8 s of audio. */
const PIECE_BYTES = 8 * BYTES_PER_SECOND;

/**
 * Measures the level of a recording as the recorder does: without the silence of gaps.
 * @param dataBytes bytes of samples in the file
 * @param gaps sorted by `at_s`
 * @throws {Error} if the file is shorter; the signal's reason if it is aborted
 */
export async function measureLevel(
  file: DiskFile,
  dataBytes: number,
  gaps: Gaps,
  signal: AbortSignal,
): Promise<LevelSum> {
  const level = emptyLevel();
  const memory = new ArrayBuffer(Math.min(PIECE_BYTES, dataBytes));
  for (let at = 0; at < dataBytes; ) {
    signal.throwIfAborted();
    const bytes = await readFully(
      file,
      new Uint8Array(memory, 0, Math.min(PIECE_BYTES, dataBytes - at)),
      WAV_HEADER_BYTES + at,
    );
    if (bytes < BYTES_PER_SAMPLE) throw new Error('the file became shorter while it was read');
    const samples = new Int16Array(memory, 0, Math.floor(bytes / BYTES_PER_SAMPLE));
    addWithoutGaps(level, samples, at / BYTES_PER_SAMPLE, gaps);
    at += samples.byteLength;
  }
  return level;
}

/** Adds a piece of the recording. @param first index of its first sample in the recording */
function addWithoutGaps(level: LevelSum, samples: Int16Array, first: number, gaps: Gaps): void {
  let addedTo = 0;
  for (const gap of gaps) {
    const from = clamp(toSamples(gap.at_s) - first, addedTo, samples.length);
    const to = clamp(toSamples(gap.at_s) + toSamples(gap.seconds) - first, from, samples.length);
    addLevel(level, samples.subarray(addedTo, from));
    // The last gap of a full list also covers later gaps and the audio between them, so skip only silent samples.
    for (let i = from; i < to; i++) if (samples[i] !== 0) addLevel(level, samples.subarray(i, i + 1));
    addedTo = to;
  }
  addLevel(level, samples.subarray(addedTo));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
