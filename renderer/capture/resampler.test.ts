import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { Resampler } from './resampler.ts';

const RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
/** Rates whose phases do not repeat within 640 steps, or never, so that the filter is interpolated. */
const ODD_RATES = [15_999, 44_101, 47_999.5, 96_000 / Math.PI];
const ALL_RATES = [...RATES, ...ODD_RATES];

function sine(rate: number, frequency: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
}

/** Processes the whole stream at once: outputs and tail in one array. */
function convert(rate: number, input: Float32Array): Float32Array {
  return convertInQuanta(rate, input, [input.length]);
}

/** Processes the stream in quanta of the given sizes; the last one takes the rest. */
function convertInQuanta(rate: number, input: Float32Array, sizes: readonly number[]): Float32Array {
  const resampler = new Resampler(rate);
  const chunks: Float32Array[] = [];
  let from = 0;
  for (const size of sizes) {
    chunks.push(resampler.process(input.subarray(from, from + size)).slice());
    from = Math.min(from + size, input.length);
  }
  chunks.push(resampler.process(input.subarray(from)).slice(), resampler.flush().slice());
  return concat(chunks);
}

function concat(chunks: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** RMS of the middle, without the filter's transients at both ends, in dB relative to 1. */
function middleDb(samples: Float32Array): number {
  const edge = Math.floor(samples.length / 4);
  const middle = samples.subarray(edge, samples.length - edge);
  return 10 * Math.log10(middle.reduce((sum, x) => sum + x * x, 0) / middle.length);
}

describe('Resampler', () => {
  const samples = fc.float32Array({ maxLength: 3_000, min: -1, max: 1, noNaN: true });
  const rates = fc.oneof(fc.constantFrom(...ALL_RATES), fc.double({ min: 8_000, max: 192_000, noNaN: true }));

  test('H42 the output is bit-identical for any division of the input into quanta', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(128)), { maxLength: 40 });
    fc.assert(
      fc.property(rates, samples, sizes, (rate, input, quanta) => {
        expect(convertInQuanta(rate, input, quanta)).toEqual(convert(rate, input));
      }),
      { numRuns: 150 },
    );
  });

  test('gives round(inputLength × 16,000 / rate) samples in total', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 20_000 }), (rate, length) => {
        expect(convert(rate, new Float32Array(length))).toHaveLength(Math.round((length * SAMPLE_RATE) / rate));
      }),
      { numRuns: 150 },
    );
  });

  test('passes 16 kHz through bit-exactly', () => {
    const input = sine(SAMPLE_RATE, 7_900, 1_000);
    expect(convert(SAMPLE_RATE, input)).toEqual(input);
  });

  test.each(ALL_RATES)('at %f Hz a passband tone keeps its level within 0.1 dB, and its phase', (rate) => {
    const top = (7_000 / 16_000) * Math.min(rate, SAMPLE_RATE);
    for (const frequency of [50, 440, 1_000, 0.6 * top, top]) {
      const output = convert(rate, sine(rate, frequency, Math.ceil(rate / 8)));
      const ideal = sine(SAMPLE_RATE, frequency, output.length);
      expect(Math.abs(middleDb(output) - middleDb(ideal))).toBeLessThan(0.1);
      // The difference includes every possible error: ripple, delay, images, interpolation.
      expect(middleDb(output.map((x, i) => x - (ideal[i] as number)))).toBeLessThan(-80);
    }
  });

  test.each(ALL_RATES.filter((rate) => rate > 18_000))(
    'at %f Hz aliases from 8.6 kHz are at least 80 dB down',
    (rate) => {
      for (let part = 0; part <= 1; part += 0.125) {
        const frequency = 8_600 + part * (rate / 2 - 8_600) * 0.999;
        const rejection = middleDb(convert(rate, sine(rate, frequency, Math.ceil(rate / 8)))) + 3.01;
        expect(rejection, `${frequency} Hz`).toBeLessThan(-80);
      }
    },
  );

  test.each(ALL_RATES)('at %f Hz the first output is aligned with the first input', (rate) => {
    const click = new Float32Array(4_000);
    click[0] = 1;
    const output = convert(rate, click);
    expect(output.indexOf(Math.max(...output))).toBe(0);
  });

  test.each(ALL_RATES)('at %f Hz a constant stays unchanged', (rate) => {
    const output = convert(rate, new Float32Array(Math.ceil(rate / 8)).fill(0.5));
    const middle = output.subarray(output.length / 4, output.length / 2);
    expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(1e-5);
    expect(middle[0]).toBeCloseTo(0.5, 5);
  });

  test.each([44_100, 48_000])('at %f Hz one NaN or infinity affects at most the filter length', (rate) => {
    const input = new Float32Array(2_000);
    input.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 500);
    const output = convert(rate, input);
    expect(output.every(Number.isFinite)).toBe(true);
    // NaN is silence, and infinities are full scale.
    const clean = new Float32Array(2_000);
    clean.set([0, 1, -1], 500);
    expect(output).toEqual(convert(rate, clean));
  });

  test('starts again after a flush', () => {
    const resampler = new Resampler(44_100);
    const input = sine(44_100, 1_000, 1_000);
    const once = () => concat([resampler.process(input).slice(), resampler.flush().slice()]);
    expect(once()).toEqual(once());
  });

  test.each([0, -1, 2_999, 1e9, Number.NaN, Number.POSITIVE_INFINITY])('rejects %f Hz', (rate) => {
    expect(() => new Resampler(rate)).toThrow(expect.objectContaining({ code: 'bad_audio' }));
  });
});
