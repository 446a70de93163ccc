import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeWavHeader, MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { parseWav, wavDataBytes } from './wav.ts';

function wavOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(WAV_HEADER_BYTES + samples.byteLength);
  bytes.set(encodeWavHeader(samples.byteLength));
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), WAV_HEADER_BYTES);
  return bytes;
}

const chunk = (name: string, body: number[]): number[] => [
  ...Buffer.from(name, 'latin1'),
  ...[body.length & 255, body.length >> 8, 0, 0],
  ...body,
];
const riff = (...chunks: number[][]): Uint8Array => {
  const body = chunks.flat();
  return Uint8Array.from(chunk('RIFF', [...Buffer.from('WAVE', 'latin1'), ...body]));
};
/** PCM, mono, 16,000 Hz, 32,000 bytes a second, 2 bytes a sample, 16 bits. */
const FMT = chunk('fmt ', [1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0x00, 0x7d, 0, 0, 2, 0, 16, 0]);

describe('encodeWavHeader', () => {
  test('writes the exact header of a 16-bit mono 16 kHz file', () => {
    expect(Buffer.from(encodeWavHeader(640)).toString('latin1')).toBe(
      'RIFF\xa4\x02\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data\x80\x02\x00\x00',
    );
  });

  test('counts whole samples up to the range of a u32', () => {
    const view = new DataView(encodeWavHeader(MAX_WAV_DATA_BYTES).buffer);
    expect(view.getUint32(40, true)).toBe(MAX_WAV_DATA_BYTES);
    expect(view.getUint32(4, true)).toBe(MAX_WAV_DATA_BYTES + 36);
    expect(MAX_WAV_DATA_BYTES % 2).toBe(0);
  });

  test('wavDataBytes reads the count of a header, and null from other bytes', () => {
    expect(wavDataBytes(encodeWavHeader(123_456))).toBe(123_456);
    expect(wavDataBytes(encodeWavHeader(0).subarray(0, 43))).toBeNull();
    expect(wavDataBytes(new Uint8Array(44))).toBeNull();
  });
});

describe('parseWav', () => {
  test('property: returns every sample of a file, at any alignment in memory', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 2000 }), fc.nat({ max: 3 }), (samples, offset) => {
        const file = wavOf(samples);
        const padded = new Uint8Array(file.length + offset);
        padded.set(file, offset);
        const parsed = parseWav(padded.subarray(offset));
        expect(parsed).toEqual({ sampleRate: 16_000, channels: 1, samples, trailingBytes: 0 });
      }),
    );
  });

  test('property: rejects a file that is cut at any byte, and counts the trailing bytes of one that grew', () => {
    const whole = wavOf(Int16Array.from({ length: 50 }, (_, i) => i * 100));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 100 }), (cut, more) => {
        expect(() => parseWav(whole.subarray(0, cut))).toThrow(expect.objectContaining({ code: 'bad_wav' }));
        const grown = new Uint8Array(whole.length + more);
        grown.set(whole);
        expect(parseWav(grown).trailingBytes).toBe(more);
      }),
    );
  });

  test('property: parses any bytes or throws bad_wav', () => {
    const withMagic = fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from([...riff(FMT), ...bytes]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), withMagic), (bytes) => {
        try {
          parseWav(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_wav' });
        }
      }),
    );
  });

  test('property: wavDataBytes returns what encodeWavHeader was given; for other bytes null or some number', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: MAX_WAV_DATA_BYTES }),
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(43),
        (size, bytes, at) => {
          const header = encodeWavHeader(size);
          expect(wavDataBytes(header)).toBe(size);
          expect(wavDataBytes(header.subarray(0, at))).toBeNull();
          const patched = Uint8Array.from(header);
          patched.set(bytes.subarray(0, 44 - at), at);
          for (const any of [bytes, patched]) expect(wavDataBytes(any) ?? 0).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test('skips other chunks and their pad bytes', () => {
    const file = riff(chunk('LIST', [1, 2, 3]), [0], FMT, chunk('data', [1, 0, 255, 255]));
    expect([...parseWav(file).samples]).toEqual([1, -1]);
  });

  const data = chunk('data', [1, 0]);
  const fmtWith = (at: number, value: number) => FMT.map((byte, i) => (i === at + 8 ? value : byte));
  test.each([
    ['no data', riff(FMT)],
    ['no format', riff(data)],
    ['two formats', riff(FMT, FMT, data)],
    ['two data chunks', riff(FMT, data, data)],
    ['half a sample', riff(FMT, chunk('data', [1]), [0])],
    ['a chunk without its pad byte', riff(FMT, data, chunk('LIST', [1]))],
    ['a chunk longer than the file', riff(FMT, [...chunk('data', [1, 0]).slice(0, 4), 200, 0, 0, 0, 1, 0])],
    ['a compressed format', riff(fmtWith(0, 7), data)],
    ['8-bit samples', riff(fmtWith(14, 8), data)],
    ['no channels', riff(fmtWith(2, 0), data)],
    ['a byte rate that contradicts the sample rate', riff(fmtWith(8, 1), data)],
    ['a block size that contradicts the channels', riff(fmtWith(12, 4), data)],
    ['another kind of RIFF', Uint8Array.from(chunk('RIFF', [...Buffer.from('AVI ')]))],
  ])('rejects a file with %s', (_, bytes) => {
    expect(() => parseWav(bytes)).toThrow(expect.objectContaining({ code: 'bad_wav' }));
  });
});
