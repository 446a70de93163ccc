import { BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE } from './audio-format.ts';

/**
 * RIFF/WAVE with one `fmt ` and one `data` chunk: Multimedia Programming Interface and Data Specifications 1.0
 * (IBM and Microsoft, 1991). All numbers are little-endian.
 *
 *   0 "RIFF"  4 u32 bytes after this field  8 "WAVE"
 *  12 "fmt " 16 u32 16  20 u16 1 (PCM)  22 u16 channels  24 u32 rate  28 u32 bytes/s  32 u16 bytes/sample  34 u16 bits
 *  36 "data" 40 u32 bytes of samples    44 samples
 */
export const WAV_HEADER_BYTES = 44;
/** Bytes that the RIFF size includes besides the samples: the header without its first 8 bytes. */
const RIFF_OVERHEAD = WAV_HEADER_BYTES - 8;
/** Format code of linear PCM. */
export const PCM = 1;
/** Length of the `fmt ` chunk. */
export const FMT_BYTES = 16;

/** Maximum bytes of samples in one file (37 hours): the RIFF size is a u32, and the value must be even. */
export const MAX_WAV_DATA_BYTES = 0xffff_ffff - RIFF_OVERHEAD - 1;

/**
 * Writes the 44-byte header of a 16-bit mono 16 kHz file.
 * @param dataBytes length of the samples that follow, at most `MAX_WAV_DATA_BYTES`
 * @param target array to write to, at least 44 bytes. Default: a new one
 */
export function encodeWavHeader(dataBytes: number, target = new Uint8Array(WAV_HEADER_BYTES)): Uint8Array<ArrayBuffer> {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const sampleBytes = CHANNELS * BYTES_PER_SAMPLE;
  putName(view, 0, 'RIFF');
  view.setUint32(4, RIFF_OVERHEAD + dataBytes, true);
  putName(view, 8, 'WAVE');
  putName(view, 12, 'fmt ');
  view.setUint32(16, FMT_BYTES, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, SAMPLE_RATE * sampleBytes, true);
  view.setUint16(32, sampleBytes, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  putName(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return target;
}

function putName(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}
