import { expect, test } from 'vitest';
import { all } from '../../testing/byte-files.ts';
import type { SoundBlock } from '../worker-messages.ts';
import { toRecordingSamples } from './recording-samples.ts';

const sine = (rate: number, seconds: number, factor = 0.5) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => factor * Math.sin((2 * Math.PI * 440 * i) / rate));

async function convert(...blocks: SoundBlock[]): Promise<Int16Array> {
  async function* given(): AsyncGenerator<SoundBlock> {
    yield* blocks;
  }
  const parts = await all(toRecordingSamples(given()));
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** The largest difference to a sine at 16 kHz, in 16-bit steps, without the first and last 10 ms. */
function distance(samples: Int16Array, factor = 0.5): number {
  const wanted = sine(16_000, 1, factor);
  return samples
    .subarray(160, -160)
    .reduce((most, sample, i) => Math.max(most, Math.abs(sample - 32_768 * (wanted[i + 160] ?? 9))), 0);
}

test('samples of a recording pass through as they are', async () => {
  const samples = Int16Array.from({ length: 10_000 }, (_, i) => (Math.imul(i, 40_503) & 0xffff) - 32_768);
  const floats = Float32Array.from(samples, (sample) => sample / 32_768);
  expect(await convert({ rate: 16_000, channels: [floats] })).toEqual(samples);
});

test.each([8_000, 11_025, 44_100, 48_000, 96_000])(
  'a tone at %i Hz becomes one at 16 kHz of the same length',
  async (rate) => {
    const converted = await convert({ rate, channels: [sine(rate, 1)] });
    expect(converted.length).toBe(16_000);
    expect(distance(converted)).toBeLessThan(33);
  },
);

test('of two channels in opposite phase one is used, and never their sum', async () => {
  const channels = [sine(16_000, 1), sine(16_000, 1, -0.5)];
  expect(distance(await convert({ rate: 16_000, channels }))).toBeLessThan(2);
});

test('the channel that carries the sound is used, at its full level', async () => {
  const channels = [new Float32Array(16_000), sine(16_000, 1)];
  expect(distance(await convert({ rate: 16_000, channels }))).toBeLessThan(2);
});

test('a file that changes its rate is converted in parts, without losing a sample', async () => {
  const converted = await convert(
    { rate: 48_000, channels: [sine(48_000, 1)] },
    { rate: 16_000, channels: [sine(16_000, 1)] },
  );
  expect(converted.length).toBe(32_000);
});
