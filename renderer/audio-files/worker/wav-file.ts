import { damaged, unsupported } from '../audio-file-error.ts';
import type { SoundBlock } from '../worker-messages.ts';
import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import { isPossibleRate } from './sample-rate.ts';
import type { Sound } from './sound.ts';

/** Format tags: Multiple Channel Audio Data and WAVE Files (Microsoft, 2007). */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const MAX_CHANNELS = 32;
/** A file with more chunks before its samples is not read. */
const MAX_CHUNKS = 1_000;
/** Size of a chunk that its writer did not know, as when it wrote to a pipe (also in RF64, EBU Tech 3306). */
const UNKNOWN_SIZE = 0xffff_ffff;
/** Samples per channel in a block: a third of a second at 48 kHz. */
const BLOCK_FRAMES = 16_384;

interface Format {
  rate: number;
  channels: number;
  frameBytes: number;
  /** Reads the sample at a byte. */
  sample(view: DataView, at: number): number;
  sampleBytes: number;
}

/**
 * Opens a WAV file (RIFF or RF64) with samples of 8, 16, 24 or 32 bits or floats of 32 or 64 bits, any rate and channels.
 * A file that ends before its header says is read as far as it goes.
 * @throws {AudioFileError} `import_damaged`, `import_unsupported`
 */
export async function openWav(source: ByteSource): Promise<Sound> {
  const reader = new ByteReader(source);
  const riff = await reader.take(12);
  const riffSize = viewOf(riff).getUint32(4, true);
  let format: Format | null = null;
  for (let chunks = 0; chunks < MAX_CHUNKS; chunks++) {
    const head = await reader.take(8);
    const size = viewOf(head).getUint32(4, true);
    const name = ascii(head, 0, 4);
    if (name === 'data') {
      if (format === null) throw damaged();
      // A recorder that crashed leaves both sizes at 0.
      const isUnknown = size === UNKNOWN_SIZE || (size === 0 && (riffSize === 0 || riffSize === UNKNOWN_SIZE));
      return samplesOf(reader, source, format, isUnknown ? reader.left : Math.min(size, reader.left));
    }
    if (name === 'fmt ') {
      if (size < 16) throw damaged();
      format = formatOf(viewOf(await reader.peek(Math.min(size, 40))));
    }
    // Chunks start at even offsets.
    reader.skip(size + (size % 2));
  }
  throw damaged();
}

function formatOf(view: DataView): Format {
  if (view.byteLength < 16) throw damaged();
  const tag = view.getUint16(0, true);
  const kind = tag === EXTENSIBLE && view.byteLength >= 26 ? view.getUint16(24, true) : tag;
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const sampleBytes = frameBytes / channels;
  const sample = sampleReader(kind, sampleBytes);
  if (sample === null || channels > MAX_CHANNELS || !isPossibleRate(rate)) throw unsupported();
  return { rate, channels, frameBytes, sample, sampleBytes };
}

/** Samples with fewer bits than their bytes hold are left-justified, so the bytes say how to read them. */
function sampleReader(kind: number, bytes: number): Format['sample'] | null {
  if (kind === FLOAT && bytes === 4) return (view, at) => view.getFloat32(at, true);
  if (kind === FLOAT && bytes === 8) return (view, at) => view.getFloat64(at, true);
  if (kind !== PCM) return null;
  if (bytes === 1) return (view, at) => (view.getUint8(at) - 128) / 2 ** 7;
  if (bytes === 2) return (view, at) => view.getInt16(at, true) / 2 ** 15;
  if (bytes === 3) return (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23;
  if (bytes === 4) return (view, at) => view.getInt32(at, true) / 2 ** 31;
  return null;
}

function samplesOf(reader: ByteReader, source: ByteSource, format: Format, dataBytes: number): Sound {
  const { rate, channels, frameBytes, sample, sampleBytes } = format;
  const frames = Math.floor(dataBytes / frameBytes);
  async function* blocks(): AsyncGenerator<SoundBlock, void, undefined> {
    for (let done = 0; done < frames; ) {
      const length = Math.min(BLOCK_FRAMES, frames - done);
      const view = viewOf(await reader.peek(length * frameBytes));
      const block = Array.from({ length: channels }, (_, channel) => {
        const samples = new Float32Array(length);
        for (let i = 0, at = channel * sampleBytes; i < length; i++, at += frameBytes) samples[i] = sample(view, at);
        return samples;
      });
      reader.skip(length * frameBytes);
      done += length;
      yield { rate, channels: block };
    }
  }
  return { seconds: frames / rate, blocks, progress: () => reader.position / source.size };
}
