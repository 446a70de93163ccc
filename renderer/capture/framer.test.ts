import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { Framer } from './framer.ts';

/** All frames of a stream with the given quanta, the flushed remainder last. */
function frames(quanta: readonly Float32Array[]): Int16Array[] {
  const framer = new Framer();
  const out: Int16Array[] = [];
  const keep = (frame: Int16Array) => out.push(frame);
  for (const quantum of quanta) framer.push(quantum, keep);
  framer.flush(keep);
  return out;
}

/** The samples of one short frame. */
function pcm(...samples: number[]): number[] {
  return frames([Float32Array.from(samples)]).flatMap((frame) => [...frame]);
}

describe('Framer', () => {
  // Whole 16-bit steps, so that input and output can be compared.
  const step = fc.integer({ min: -32_768, max: 32_767 });
  const quanta = fc.array(fc.array(step, { maxLength: 700 }), { maxLength: 20 });

  test('H42 the joined frames equal the joined quanta, whatever their sizes', () => {
    fc.assert(
      fc.property(quanta, (steps) => {
        const out = frames(steps.map((quantum) => Float32Array.from(quantum, (x) => x / 32_768)));
        expect(out.flatMap((frame) => [...frame])).toEqual(steps.flat());
      }),
    );
  });

  test('H42 every frame has exactly 320 samples; only the flushed remainder is shorter, and never empty', () => {
    fc.assert(
      fc.property(quanta, (steps) => {
        const lengths = frames(steps.map((quantum) => new Float32Array(quantum.length))).map((frame) => frame.length);
        const total = steps.flat().length;
        const rest = total % FRAME_SAMPLES;
        const full = new Array(Math.floor(total / FRAME_SAMPLES)).fill(FRAME_SAMPLES);
        expect(lengths).toEqual(rest > 0 ? [...full, rest] : full);
      }),
    );
  });

  test('H42 NaN is silence; infinities and over-range are clipped', () => {
    expect(pcm(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([0, 32_767, -32_768]);
    expect(pcm(1, -1, 1.5, -1.5, 3e38, -3e38)).toEqual([32_767, -32_768, 32_767, -32_768, 32_767, -32_768]);
  });

  test('rounds to the nearest step', () => {
    expect(pcm(0.4 / 32_768, 0.6 / 32_768, -0.4 / 32_768, -0.6 / 32_768)).toEqual([0, 1, 0, -1]);
  });

  test('a frame owns its buffer: later samples do not change it', () => {
    const framer = new Framer();
    const out: Int16Array[] = [];
    framer.push(new Float32Array(FRAME_SAMPLES).fill(0.5), (frame) => out.push(frame));
    framer.push(new Float32Array(FRAME_SAMPLES).fill(-0.5), (frame) => out.push(frame));
    expect(out.map((frame) => frame[0])).toEqual([16_384, -16_384]);
    expect(out.map((frame) => frame.buffer.byteLength)).toEqual([640, 640]);
  });

  test('a second flush delivers nothing', () => {
    const framer = new Framer();
    const lengths: number[] = [];
    framer.push(new Float32Array(5), () => {});
    framer.flush((frame) => lengths.push(frame.length));
    framer.flush((frame) => lengths.push(frame.length));
    expect(lengths).toEqual([5]);
  });
});
