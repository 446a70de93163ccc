import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { EarshotError } from '../../shared/errors.ts';
import { FMT_BYTES, PCM, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';

/** Bytes of samples that a header of `encodeWavHeader` counts; null for other headers. */
export function wavDataBytes(header: Uint8Array): number | null {
  if (header.length < WAV_HEADER_BYTES) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const isHeader = chunkId(view, 0) === 'RIFF' && chunkId(view, 8) === 'WAVE' && chunkId(view, 36) === 'data';
  return isHeader ? view.getUint32(40, true) : null;
}

export interface WavFile {
  /** Hz. */
  sampleRate: number;
  channels: number;
  /** Signed 16-bit samples, interleaved; a copy. */
  samples: Int16Array;
  /** Bytes after the RIFF chunk: audio that was appended but not yet counted by the header. */
  trailingBytes: number;
}

/**
 * Parses a 16-bit PCM WAV file strictly: every chunk must fit into the RIFF chunk and the file, and the chunks must
 * fill the RIFF chunk exactly.
 * @throws {EarshotError} `bad_wav` with the reason
 */
export function parseWav(bytes: Uint8Array): WavFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireWav(bytes.length >= 12, `a RIFF file has at least 12 bytes, not ${bytes.length}`);
  requireWav(chunkId(view, 0) === 'RIFF' && chunkId(view, 8) === 'WAVE', 'it does not start as RIFF/WAVE');
  const end = 8 + view.getUint32(4, true);
  requireWav(end <= bytes.length, `its RIFF chunk ends at byte ${end} of ${bytes.length}`);

  let format: { sampleRate: number; channels: number } | null = null;
  let samples: Int16Array | null = null;
  let at = 12;
  while (at < end) {
    requireWav(at + 8 <= end, `a chunk header at byte ${at} is cut off`);
    const chunk = chunkId(view, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    requireWav(start + size <= end, `its ${JSON.stringify(chunk)} chunk ends at byte ${start + size} of ${end}`);
    if (chunk === 'fmt ') {
      requireWav(format === null, 'it has two fmt chunks');
      format = parseFormat(view, start, size);
    } else if (chunk === 'data') {
      requireWav(format !== null, 'its data come before their format');
      requireWav(samples === null, 'it has two data chunks');
      requireWav(size % (format.channels * BYTES_PER_SAMPLE) === 0, `${size} bytes of data are not whole samples`);
      samples = copySamples(bytes, start, size);
    }
    // Chunks start at even offsets. A chunk's size does not include its pad byte.
    at = start + size + (size % 2);
  }
  requireWav(at === end, `its chunks end at byte ${at}, the RIFF chunk at ${end}`);
  requireWav(format !== null && samples !== null, 'it has no samples');
  return { ...format, samples, trailingBytes: bytes.length - end };
}

function parseFormat(view: DataView, start: number, size: number): { sampleRate: number; channels: number } {
  requireWav(size >= FMT_BYTES, `its fmt chunk has ${size} bytes`);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const sampleBytes = channels * BYTES_PER_SAMPLE;
  requireWav(view.getUint16(start, true) === PCM, 'it is not PCM');
  requireWav(view.getUint16(start + 14, true) === BYTES_PER_SAMPLE * 8, 'its samples are not 16 bits wide');
  requireWav(channels > 0 && sampleRate > 0, 'it has no channels or no sample rate');
  requireWav(view.getUint16(start + 12, true) === sampleBytes, 'its block size contradicts its channels');
  requireWav(view.getUint32(start + 8, true) === sampleRate * sampleBytes, 'its byte rate contradicts its sample rate');
  return { sampleRate, channels };
}

/** Copies the samples, because `bytes` may start at an odd offset, which an Int16Array does not allow. */
function copySamples(bytes: Uint8Array, start: number, size: number): Int16Array {
  const samples = new Int16Array(size / BYTES_PER_SAMPLE);
  new Uint8Array(samples.buffer).set(bytes.subarray(start, start + size));
  return samples;
}

function chunkId(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function requireWav(holds: boolean, what: string): asserts holds {
  if (!holds) throw new EarshotError('bad_wav', `This is not a WAV file that Earshot can read: ${what}.`);
}
