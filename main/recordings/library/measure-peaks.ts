import { BYTES_PER_SAMPLE } from '../../../shared/audio-format.ts';
import { type DiskFile, readFully } from '../disk.ts';
import { badWav, readWavLayout } from './wav-layout.ts';

/** A recording is read in pieces of this size (bytes), so that it takes the same memory whatever its length is. */
const PIECE_BYTES = 256 * 1024;
const FULL_SCALE = 32_768;

/**
 * Measures the largest magnitude in each of `buckets` equal parts of a recording, of all channels together. Each piece
 * takes less than a millisecond, and the event loop runs between two of them.
 * @param size size of the file in bytes
 * @returns 0 to 255 (full scale); fewer than `buckets` if it has fewer samples
 * @throws {EarshotError} `bad_wav`
 * @throws the signal's reason if it is aborted
 */
export async function measurePeaks(
  file: DiskFile,
  size: number,
  buckets: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { start, bytes } = await readWavLayout(file, size);
  const samples = bytes / BYTES_PER_SAMPLE;
  const peaks = new Uint16Array(Math.min(buckets, samples));
  const memory = new ArrayBuffer(Math.min(PIECE_BYTES, bytes));
  for (let first = 0; first < samples; ) {
    signal.throwIfAborted();
    const length = Math.min(memory.byteLength, (samples - first) * BYTES_PER_SAMPLE);
    if ((await readFully(file, new Uint8Array(memory, 0, length), start + first * BYTES_PER_SAMPLE)) < length)
      throw badWav(({ becameShorter }) => becameShorter);
    addPeaks(peaks, new Int16Array(memory, 0, length / BYTES_PER_SAMPLE), first, samples);
    first += length / BYTES_PER_SAMPLE;
  }
  return Uint8Array.from(peaks, (peak) => Math.min(255, Math.round((peak * 255) / FULL_SCALE)));
}

/** The largest of the peaks in each of `buckets` equal parts. A peak on a border counts for both sides. */
export function mergePeaks(peaks: Uint8Array, buckets: number): number[] {
  if (buckets >= peaks.length) return [...peaks];
  return Array.from({ length: buckets }, (_, i) => {
    const from = Math.floor((i * peaks.length) / buckets);
    const to = Math.ceil(((i + 1) * peaks.length) / buckets);
    return peaks.subarray(from, to).reduce((a, b) => Math.max(a, b), 0);
  });
}

/** @param first index of the piece's first sample in the recording, which has `total` samples */
function addPeaks(peaks: Uint16Array, piece: Int16Array, first: number, total: number): void {
  for (let i = 0; i < piece.length; ) {
    const bucket = Math.floor(((first + i) * peaks.length) / total);
    const end = Math.min(piece.length, Math.ceil(((bucket + 1) * total) / peaks.length) - first);
    let peak = peaks[bucket] as number;
    for (; i < end; i++) {
      const sample = piece[i] as number;
      const magnitude = sample < 0 ? -sample : sample;
      if (magnitude > peak) peak = magnitude;
    }
    peaks[bucket] = peak;
  }
}
