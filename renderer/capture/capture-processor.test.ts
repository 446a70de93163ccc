import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_SAMPLES, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { CaptureProcessor } from './capture-processor.ts';

/** The frames and gaps for these quanta, each a list of channels. */
function capture(rate: number, quanta: readonly Float32Array[][]): { lengths: number[]; samples: number[] } {
  const frames: Int16Array[] = [];
  const processor = new CaptureProcessor(rate, (frame) => frames.push(frame));
  // A clock that is always on time.
  let now = 0;
  for (const channels of quanta) {
    now += ((channels[0]?.length ?? 0) * 1_000) / rate;
    processor.process(channels, now);
  }
  processor.flush(now);
  return { lengths: frames.map((frame) => frame.length), samples: frames.flatMap((frame) => [...frame]) };
}

function cut(input: Float32Array, sizes: readonly number[]): Float32Array[] {
  const chunks: Float32Array[] = [];
  let from = 0;
  for (const size of [...sizes, input.length]) {
    chunks.push(input.subarray(from, from + size));
    from = Math.min(from + size, input.length);
  }
  return chunks;
}

describe('CaptureProcessor', () => {
  test('H42 the same samples for any device rate and any division, including NaN and infinities', () => {
    const rates = fc.oneof(
      fc.constantFrom(8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000),
      fc.double({ min: 8_000, max: 192_000, noNaN: true }),
    );
    const input = fc.float32Array({ maxLength: 4_000 });
    const sizes = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 });
    fc.assert(
      fc.property(rates, input, sizes, (rate, samples, quanta) => {
        const expected = capture(rate, [[samples]]);
        expect(
          capture(
            rate,
            cut(samples, quanta).map((quantum) => [quantum]),
          ),
        ).toEqual(expected);

        const total = Math.round((samples.length * SAMPLE_RATE) / rate);
        expect(expected.samples).toHaveLength(total);
        expect(expected.lengths.slice(0, -1).every((length) => length === FRAME_SAMPLES)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('H42 at 16 kHz the samples are bit-identical to the device’s', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 2_000 }), (steps) => {
        const input = Float32Array.from(steps, (x) => x / 32_768);
        expect(capture(SAMPLE_RATE, [[input]]).samples).toEqual(steps);
      }),
    );
  });

  test('H57 one of several channels is selected, and none is mixed into it', () => {
    const left = new Float32Array(400).fill(0.5);
    const right = new Float32Array(400).fill(-0.25);
    expect(new Set(capture(SAMPLE_RATE, [[left, right]]).samples)).toEqual(new Set([0.5 * 32_768]));
    const frames: Int16Array[] = [];
    const second = new CaptureProcessor(SAMPLE_RATE, (frame) => frames.push(frame), undefined, 2);
    second.process([left, right], 25);
    second.flush(25);
    expect(new Set(frames.flatMap((frame) => [...frame]))).toEqual(new Set([-0.25 * 32_768]));
  });

  test('without channels (no device feeds the graph) no silence is generated', () => {
    const quantum = new Float32Array(128).fill(0.5);
    expect(capture(48_000, [[], [], []]).lengths).toEqual([]);
    expect(capture(48_000, [[], [quantum], [], [quantum]])).toEqual(capture(48_000, [[quantum], [quantum]]));
  });

  test('a gap is reported between frames: the audio before it is padded with silence, and not mixed with the audio after it', () => {
    const reports: Array<number | number[]> = [];
    const processor = new CaptureProcessor(
      SAMPLE_RATE,
      (frame) => reports.push([...new Set(frame)]),
      (ms) => reports.push(ms),
    );
    const quantum = (value: number) => [new Float32Array(160).fill(value / 32_768)];
    // 30 ms, then nothing for 3 s, then enough audio to detect that the clock and the audio agree.
    for (const at of [10, 20, 30]) processor.process(quantum(7), at);
    for (let at = 3_030; at <= 3_170; at += 10) processor.process(quantum(9), at);
    processor.flush(3_170);
    expect(reports).toEqual([[7], [7, 0], 3_080, [9], [9], [9]].slice(0, reports.length));
    expect(reports.slice(0, 2)).toEqual([[7], [7, 0]]);
    // The padding of the frame is part of the missing time.
    const seconds = reports.reduce<number>((sum, part) => sum + (typeof part === 'number' ? part / 1_000 : 0.02), 0);
    expect(seconds).toBeCloseTo(3.17, 1);
  });

  test('H52 the partial frame at a stall precedes its gap, and counts towards it', () => {
    const reports: Array<string | number> = [];
    const processor = new CaptureProcessor(
      SAMPLE_RATE,
      (frame, isLast) => reports.push(`${[...new Set(frame)]}${isLast ? ' last' : ''}`),
      (ms) => reports.push(ms),
    );
    const quantum = (value: number) => [new Float32Array(160).fill(value / 32_768)];
    for (const at of [10, 20, 30]) processor.process(quantum(7), at);
    processor.pad();
    processor.pad();
    expect(reports).toEqual(['7', '7,0 last']);
    for (let at = 3_030; at <= 3_170; at += 10) processor.process(quantum(9), at);
    const gap = reports[2];
    expect(gap).toBeTypeOf('number');
    // From 30 ms on, without the 10 ms of padding in the previous frame.
    expect((gap as number) + 10 + 30).toBeCloseTo(3_120, -2);
    expect(reports[3]).toBe('9');
  });

  test('a gap at the end is followed by a frame, so that it is reported', () => {
    const reports: Array<number | number[]> = [];
    const processor = new CaptureProcessor(
      SAMPLE_RATE,
      (frame) => reports.push([...frame]),
      (ms) => reports.push(ms),
    );
    processor.process([new Float32Array(320).fill(7 / 32_768)], 20);
    processor.flush(1_020);
    expect(reports).toEqual([new Array(320).fill(7), 1_000, [0]]);
  });
});
