import { BYTES_PER_SAMPLE } from '../../../shared/audio-format.ts';
import type { EarshotError } from '../../../shared/errors.ts';
import { FMT_BYTES, PCM } from '../../../shared/wav-header.ts';
import type { Text } from '../../text/en.ts';
import { HostError } from '../../text/host-error.ts';
import { type DiskFile, readFully } from '../disk.ts';

/** A file with more chunks than this counts as damaged. */
const MAX_CHUNKS = 100;

/** Where the samples of a 16-bit WAV are. */
export interface WavLayout {
  channels: number;
  /** Hz. */
  sampleRate: number;
  /** Offset of the first sample. */
  start: number;
  /** Bytes of whole samples in the file. */
  bytes: number;
}

/**
 * Finds the samples of a WAV file without reading them. The file may be shorter than its header says, or still be
 * written.
 * @param size size of the file in bytes
 * @throws {EarshotError} `bad_wav` if it is damaged, or not 16-bit PCM
 */
export async function readWavLayout(file: DiskFile, size: number): Promise<WavLayout> {
  const riff = await view(file, 0, 12);
  if (name(riff, 0) !== 'RIFF' || name(riff, 8) !== 'WAVE') throw badWav(({ noRiff }) => noRiff);
  let format: { channels: number; sampleRate: number } | null = null;
  let at = 12;
  for (let chunks = 0; chunks < MAX_CHUNKS && at + 8 <= size; chunks++) {
    const head = await view(file, at, 8);
    const length = head.getUint32(4, true);
    if (name(head, 0) === 'fmt ') {
      const fmt = await view(file, at + 8, FMT_BYTES);
      format = { channels: fmt.getUint16(2, true), sampleRate: fmt.getUint32(4, true) };
      const isPcm16 = fmt.getUint16(0, true) === PCM && fmt.getUint16(14, true) === BYTES_PER_SAMPLE * 8;
      if (!isPcm16 || format.channels < 1 || format.sampleRate < 1) throw badWav(({ notPcm16 }) => notPcm16);
    } else if (name(head, 0) === 'data') {
      if (format === null) throw badWav(({ dataFirst }) => dataFirst);
      const bytes = Math.min(length, size - at - 8);
      return { ...format, start: at + 8, bytes: bytes - (bytes % (format.channels * BYTES_PER_SAMPLE)) };
    }
    // Chunks start at even offsets.
    at += 8 + length + (length % 2);
  }
  throw badWav(({ noSamples }) => noSamples);
}

/** The error for a WAV that can't be used. @param why the words of a flaw */
export function badWav(why: (flaws: Text['errors']['wav']) => string): EarshotError {
  return new HostError('bad_wav', (errors) => errors.badWav({ why: why(errors.wav) }));
}

async function view(file: DiskFile, at: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  if ((await readFully(file, bytes, at)) < length) throw badWav(({ tooShort }) => tooShort);
  return new DataView(bytes.buffer);
}

function name(bytes: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
}
