import { expect, test } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { peakDbfs, rmsDbfs } from './level.ts';
import { speechLike } from './speech-like.ts';

test('speech-like sound has the requested length and peak, and depends only on its seed', () => {
  const make = (seed: number) => speechLike({ seconds: 3, random: new SeededRandom(seed), peak: -12 });
  const sound = make(1);
  expect(sound.samples.length).toBe(48_000);
  expect(peakDbfs(sound.samples)).toBeCloseTo(-12, 5);
  expect(sound.samples).toEqual(make(1).samples);
  expect(sound.samples).not.toEqual(make(2).samples);
});

test('a peak above full scale is clipped', () => {
  const { samples } = speechLike({ seconds: 2, random: new SeededRandom(1), peak: 6 });
  expect(peakDbfs(samples)).toBe(0);
  expect(samples.filter((sample) => Math.abs(sample) === 1).length).toBeGreaterThan(10);
});

test('it has loud syllables and quiet pauses, as speech has', () => {
  const { rate, samples } = speechLike({ seconds: 20, random: new SeededRandom(3) });
  const block = rate / 10;
  const levels = Array.from({ length: samples.length / block }, (_, i) =>
    rmsDbfs(samples.subarray(i * block, (i + 1) * block)),
  );
  const loudest = Math.max(...levels);
  expect(levels.filter((level) => level > loudest - 15).length).toBeGreaterThan(levels.length / 4);
  expect(levels.filter((level) => level < loudest - 40).length).toBeGreaterThan(levels.length / 50);
});
