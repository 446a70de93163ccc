import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { playSamples } from './play-samples.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function fakeContext(change: object = {}) {
  const source = { buffer: null as unknown, connect: vi.fn(), start: vi.fn(), onended: () => {} };
  const channel: number[] = [];
  const context = {
    destination: 'out',
    setSinkId: vi.fn(async () => {}),
    close: vi.fn(async () => {}),
    createBuffer: vi.fn(() => ({ copyToChannel: (samples: Float32Array) => channel.push(...samples) })),
    createBufferSource: () => source,
    ...change,
  };
  return { context, source, channel, create: () => context as unknown as AudioContext };
}

test('plays 16-bit samples at 16 kHz on the chosen device, and frees the context at the end', async () => {
  const { context, source, channel, create } = fakeContext();
  const { done } = playSamples(Int16Array.of(16_384, -32_768), 'h', create);
  await vi.advanceTimersByTimeAsync(0);
  expect(context.setSinkId).toHaveBeenCalledWith('h');
  expect(context.createBuffer).toHaveBeenCalledWith(1, 2, 16_000);
  expect(channel).toEqual([0.5, -1]);
  expect(source.start).toHaveBeenCalledTimes(1);
  source.onended();
  await expect(done).resolves.toBe(true);
  expect(context.close).toHaveBeenCalledTimes(1);
});

test('a device that is gone: the default plays', async () => {
  const { source, create } = fakeContext({ setSinkId: async () => Promise.reject(new Error('gone')) });
  const { done } = playSamples(new Int16Array(10), 'h', create);
  await vi.advanceTimersByTimeAsync(0);
  source.onended();
  await expect(done).resolves.toBe(true);
});

test('without an output device it fails instead of waiting for ever', async () => {
  const { context, create } = fakeContext();
  const { done } = playSamples(new Int16Array(16_000), '', create);
  await vi.advanceTimersByTimeAsync(3_000);
  await expect(done).resolves.toBe(false);
  expect(context.close).toHaveBeenCalledTimes(1);
});

test('a browser that refuses a context fails', async () => {
  const { done } = playSamples(new Int16Array(10), '', () => {
    throw new DOMException('', 'NotSupportedError');
  });
  await expect(done).resolves.toBe(false);
});

test('stops at once', async () => {
  const { context, create } = fakeContext();
  const { done, stop } = playSamples(new Int16Array(16_000), '', create);
  await vi.advanceTimersByTimeAsync(0);
  stop();
  await expect(done).resolves.toBe(true);
  expect(context.close).toHaveBeenCalledTimes(1);
});
