import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES, FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { findFrames, numberOf, taggedFrame } from './tagged-frames.ts';

const bytesOf = (...numbers: number[]) =>
  Buffer.concat(numbers.map((number) => new Uint8Array(taggedFrame(number).buffer)));

describe('a tagged frame', () => {
  test('is a full frame that contains its number and differs from all others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 2 }), fc.integer({ min: 0, max: 2 ** 32 - 2 }), (one, other) => {
        expect(taggedFrame(one)).toHaveLength(FRAME_SAMPLES);
        expect(numberOf(bytesOf(one))).toBe(one);
        expect(bytesOf(one).equals(bytesOf(other))).toBe(one === other);
      }),
    );
  });

  test('contains noise throughout', () => {
    expect(new Set(taggedFrame(0)).size).toBeGreaterThan(FRAME_SAMPLES * 0.9);
  });
});

describe('frames in PCM', () => {
  test('are found in order, including duplicates, even if the PCM starts at an odd address', () => {
    const pcm = bytesOf(3, 4, 4, 2);
    const shifted = new Uint8Array(pcm.byteLength + 1).subarray(1);
    shifted.set(pcm);
    expect(findFrames(shifted)).toEqual({ numbers: [3, 4, 4, 2], silent: 0, damaged: 0 });
  });

  test('count as silence if all bytes are zero', () => {
    const pcm = Buffer.concat([bytesOf(0), Buffer.alloc(FRAME_BYTES), bytesOf(1)]);
    expect(findFrames(pcm)).toEqual({ numbers: [0, 1], silent: 1, damaged: 0 });
  });

  test('count as damaged if any bit differs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FRAME_BYTES * 8 - 1 }), (bit) => {
        const pcm = bytesOf(7, 8);
        pcm.writeUInt8(pcm.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(findFrames(pcm)).toEqual({ numbers: [8], silent: 0, damaged: 1 });
      }),
    );
  });

  test('count as damaged after a missing sample', () => {
    const pcm = Buffer.concat([bytesOf(0).subarray(2), bytesOf(1)]);
    expect(findFrames(pcm)).toEqual({ numbers: [], silent: 0, damaged: 2 });
  });
});
