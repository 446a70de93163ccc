import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFlac } from '../../testing/flac-decoder.ts';
import { crc8, crc16 } from './crc.ts';
import { FlacEncoder } from './flac-encoder.ts';

/** Encodes samples that arrive in pieces of this length. */
function encode(samples: Int16Array<ArrayBuffer>, piece = 1_000): Uint8Array {
  const encoder = new FlacEncoder();
  const frames: Uint8Array[] = [];
  for (let at = 0; at < samples.length; at += piece) {
    encoder.push(samples.slice(at, at + piece), (frame) => frames.push(frame));
  }
  encoder.finish((frame) => frames.push(frame));
  const parts = [encoder.header(), ...frames];
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

const tone = (length: number, amplitude: number, hz = 440) =>
  Int16Array.from({ length }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / 16_000)));
const noise = (length: number) =>
  Int16Array.from({ length }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >> 7) & 0xffff);
const extremes = (length: number) => Int16Array.from({ length }, (_, i) => (i % 2 === 0 ? 32_767 : -32_768));

test.each([
  ['silence', new Int16Array(10_000)],
  ['a tone', tone(20_000, 12_000)],
  ['a faint tone', tone(20_000, 3)],
  ['noise at full scale', noise(9_000)],
  ['the extremes in turns', extremes(9_000)],
  ['a click in silence', Int16Array.from({ length: 9_000 }, (_, i) => (i === 5_000 ? -32_768 : 0))],
  ['one sample', Int16Array.of(-7)],
  ['three samples', Int16Array.of(1, 2, 4)],
  ['exactly one block', tone(4_096, 9_000)],
  ['a block and one sample', tone(4_097, 9_000)],
  ['more blocks than one byte counts', tone(4_096 * 130, 9_000)],
])('%s comes back bit by bit', (_name, samples) => {
  const decoded = decodeFlac(encode(samples));
  expect(decoded.samples).toEqual([...samples]);
  expect([decoded.rate, decoded.total]).toEqual([16_000, samples.length]);
});

test('any samples in any pieces come back bit by bit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 600 }),
      fc.integer({ min: 1, max: 700 }),
      (values, piece) => {
        const samples = Int16Array.from(values);
        expect(decodeFlac(encode(samples, piece)).samples).toEqual(values);
      },
    ),
  );
});

test('the header has the MD5 of the samples, by which decoders find damage', () => {
  // RFC 1321, appendix A.5: of no bytes, and of "abcdefghijklmnopqrstuvwxyz".
  expect(decodeFlac(encode(new Int16Array(0))).md5).toBe('d41d8cd98f00b204e9800998ecf8427e');
  const letters = new TextEncoder().encode('abcdefghijklmnopqrstuvwxyz');
  expect(decodeFlac(encode(new Int16Array(letters.buffer))).md5).toBe('c3fcd3d76192e4007dfb496cca67e13b');
});

test('a recording without samples has a valid header and no frame', () => {
  expect(decodeFlac(encode(new Int16Array(0)))).toMatchObject({ total: 0, frames: 0, samples: [] });
});

test('silence and tones become much smaller, and noise hardly larger', () => {
  expect(encode(new Int16Array(64_000)).length).toBeLessThan(400);
  expect(encode(tone(64_000, 8_000, 200)).length).toBeLessThan(0.6 * 128_000);
  expect(encode(noise(64_000)).length).toBeLessThan(1.01 * 128_000);
});

test('the CRCs are those of the catalogues: CRC-8/SMBUS and CRC-16/UMTS', () => {
  const check = new TextEncoder().encode('123456789');
  expect([crc8(check, 0, 9), crc16(check, 0, 9)]).toEqual([0xf4, 0xfee8]);
});
