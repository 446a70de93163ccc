/** Mono sound: samples in -1..1 at `rate` samples a second. */
export interface Sound {
  rate: number;
  samples: Float64Array;
}

const HEADER_BYTES = 44;
const FULL_SCALE = 32_768;

/**
 * Reads a mono 16-bit PCM WAV (RIFF with `fmt ` and `data` chunks; other chunks are skipped).
 * @throws {Error} if it has another format or is truncated
 */
export function readWav(bytes: Buffer): Sound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a WAV file');
  }
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (body + length > bytes.length) throw new Error(`chunk "${id}" says ${length} bytes, the file ends before them`);
    if (id === 'fmt ') {
      const format = [bytes.readUInt16LE(body), bytes.readUInt16LE(body + 2), bytes.readUInt16LE(body + 14)];
      if (format.join() !== '1,1,16') throw new Error(`not mono 16-bit PCM: format, channels, bits are ${format}`);
      rate = bytes.readUInt32LE(body + 4);
    } else if (id === 'data') {
      if (rate === 0) throw new Error('"data" before "fmt "');
      const samples = Float64Array.from({ length: length / 2 }, (_, i) => bytes.readInt16LE(body + 2 * i) / FULL_SCALE);
      return { rate, samples };
    }
    at = body + length + (length % 2);
  }
  throw new Error('no "data" chunk');
}

/** Writes a mono 16-bit PCM WAV. Samples beyond full scale are clipped. */
export function writeWav({ rate, samples }: Sound): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    const value = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(sample * FULL_SCALE)));
    bytes.writeInt16LE(value, HEADER_BYTES + 2 * i);
  });
  return bytes;
}
