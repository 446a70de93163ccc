import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES, FRAME_SAMPLES } from './audio-format.ts';
import { decodeAudioFrame, encodeAudioFrame, FRAME_HEADER_BYTES } from './audio-frame.ts';
import { EarshotError } from './errors.ts';

const MAX_U32 = 0xffff_ffff;
const samples = fc.int16Array({ minLength: 1, maxLength: FRAME_SAMPLES });
const u32 = fc.integer({ min: 0, max: MAX_U32 });

/** The samples of a decoded frame, read byte by byte in little-endian order. */
function readSamples(pcm: Uint8Array): number[] {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Array.from({ length: pcm.byteLength / 2 }, (_, i) => view.getInt16(i * 2, true));
}

function codeOf(attempt: () => unknown): string | null {
  try {
    attempt();
  } catch (error) {
    return error instanceof EarshotError ? error.code : `not an EarshotError: ${String(error)}`;
  }
  return null;
}

test('encodes seq, captured_ms and samples in little-endian order', () => {
  const frame = encodeAudioFrame(0x0102_0304, 0x0a0b_0c0d, Int16Array.of(1, -2, 0x7fff, -0x8000));
  expect([...frame]).toEqual([4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a, 1, 0, 0xfe, 0xff, 0xff, 0x7f, 0x00, 0x80]);
});

test('a full frame has 648 bytes, the shortest 10', () => {
  expect(encodeAudioFrame(0, 0, new Int16Array(FRAME_SAMPLES)).byteLength).toBe(648);
  expect(encodeAudioFrame(0, 0, new Int16Array(1)).byteLength).toBe(10);
});

test('any frame is decoded as it was encoded', () => {
  fc.assert(
    fc.property(u32, u32, samples, (seq, capturedMs, pcm) => {
      const decoded = decodeAudioFrame(encodeAudioFrame(seq, capturedMs, pcm));
      expect(decoded.seq).toBe(seq);
      expect(decoded.capturedMs).toBe(capturedMs);
      expect(readSamples(decoded.pcm)).toEqual([...pcm]);
    }),
  );
});

test('a view into larger samples is encoded without the memory around it', () => {
  const around = Int16Array.from({ length: 100 }, (_, i) => i);
  expect(readSamples(decodeAudioFrame(encodeAudioFrame(0, 0, around.subarray(40, 43))).pcm)).toEqual([40, 41, 42]);
});

test('a frame at any offset of a larger buffer, also an odd one, is decoded in place', () => {
  fc.assert(
    fc.property(u32, samples, fc.integer({ min: 0, max: 9 }), (seq, pcm, offset) => {
      const frame = encodeAudioFrame(seq, 7, pcm);
      const larger = new Uint8Array(offset + frame.byteLength + 5).fill(0xee);
      larger.set(frame, offset);
      const decoded = decodeAudioFrame(larger.subarray(offset, offset + frame.byteLength));
      expect(decoded.seq).toBe(seq);
      expect(decoded.pcm.buffer).toBe(larger.buffer);
      expect(decoded.pcm.byteOffset).toBe(offset + FRAME_HEADER_BYTES);
      expect(readSamples(decoded.pcm)).toEqual([...pcm]);
    }),
  );
});

test('the encoder copies the samples', () => {
  const pcm = Int16Array.of(1, 2);
  const frame = encodeAudioFrame(0, 0, pcm);
  pcm.fill(9);
  expect(readSamples(decodeAudioFrame(frame).pcm)).toEqual([1, 2]);
});

test.each([
  ['fractions are rounded', 1.6, 2],
  ['a clock that ran backwards is 0', -5, 0],
  ['a clock beyond 49 days stays at the last ms that fits', 2 ** 40, MAX_U32],
])('captured_ms: %s', (_title, capturedMs, expected) => {
  expect(decodeAudioFrame(encodeAudioFrame(0, capturedMs, new Int16Array(1))).capturedMs).toBe(expected);
});

describe('rejected with bad_audio', () => {
  test.each([-1, 0.5, MAX_U32 + 1, Number.NaN, Number.POSITIVE_INFINITY])('seq %s', (seq) => {
    expect(codeOf(() => encodeAudioFrame(seq, 0, new Int16Array(1)))).toBe('bad_audio');
  });

  test.each([0, FRAME_SAMPLES + 1, 48_000])('%i samples', (length) => {
    expect(codeOf(() => encodeAudioFrame(0, 0, new Int16Array(length)))).toBe('bad_audio');
  });

  test('H39 every length that is empty, odd or over 20 ms, and no other', () => {
    for (let length = 0; length <= FRAME_HEADER_BYTES + FRAME_BYTES + 4; length++) {
      const pcmBytes = length - FRAME_HEADER_BYTES;
      const good = pcmBytes >= 2 && pcmBytes <= FRAME_BYTES && pcmBytes % 2 === 0;
      expect(
        codeOf(() => decodeAudioFrame(new Uint8Array(length))),
        `${length} bytes`,
      ).toBe(good ? null : 'bad_audio');
    }
  });

  test('H39 any bytes are decoded or rejected with bad_audio', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => {
        expect(codeOf(() => decodeAudioFrame(bytes))).toBeOneOf([null, 'bad_audio']);
      }),
    );
  });
});
