import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLevel, emptyLevel, FLOOR_DBFS, peakDbfs, rmsDbfs } from './level.ts';

function levelOf(...blocks: Int16Array[]) {
  const level = emptyLevel();
  for (const block of blocks) addLevel(level, block);
  return level;
}

const sine = (amplitude: number) =>
  Int16Array.from({ length: 16_000 }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * 1_000 * i) / 16_000)));

describe('level', () => {
  test('a full-scale sine peaks at 0 dBFS and has an RMS of -3.01', () => {
    const level = levelOf(sine(32_767));
    expect(peakDbfs(level)).toBeCloseTo(0, 2);
    expect(rmsDbfs(level)).toBe(-3.01);
  });

  test('half the amplitude is 6.02 dB less', () => {
    const level = levelOf(sine(16_384));
    expect(peakDbfs(level)).toBe(-6.02);
    expect(rmsDbfs(level)).toBe(-9.03);
  });

  test('the most negative sample is full scale, without overflow', () => {
    const level = levelOf(Int16Array.of(-32_768));
    expect([level.peak, peakDbfs(level), rmsDbfs(level)]).toEqual([32_768, 0, 0]);
  });

  test('one 16-bit step is above a meter’s floor', () => {
    expect(peakDbfs(levelOf(Int16Array.of(0, 1, 0)))).toBe(-90.31);
    expect(FLOOR_DBFS).toBeLessThan(-90.31);
  });

  test('digital silence and no samples have no level', () => {
    for (const level of [emptyLevel(), levelOf(new Int16Array(320))]) {
      expect(peakDbfs(level)).toBeNull();
      expect(rmsDbfs(level)).toBeNull();
    }
  });

  test('property: the level is the same for any division into blocks', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 1000 }), fc.nat(1000), (pcm, cut) => {
        expect(levelOf(pcm.subarray(0, cut), pcm.subarray(cut))).toEqual(levelOf(pcm));
      }),
    );
  });

  test('property: RMS never exceeds the peak, and neither exceeds full scale', () => {
    fc.assert(
      fc.property(fc.int16Array({ minLength: 1, maxLength: 1000 }), (pcm) => {
        const level = levelOf(pcm);
        const [peak, rms] = [peakDbfs(level), rmsDbfs(level)];
        expect(level.samples).toBe(pcm.length);
        if (peak === null || rms === null) expect([peak, rms]).toEqual([null, null]);
        else {
          expect(rms).toBeLessThanOrEqual(peak);
          expect(peak).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('an hour of full scale adds up exactly', () => {
    const level = emptyLevel();
    const second = new Int16Array(16_000).fill(-32_768);
    for (let i = 0; i < 3_600; i++) addLevel(level, second);
    expect(level.sumOfSquares).toBe(3_600 * 16_000 * 32_768 ** 2);
    expect(rmsDbfs(level)).toBe(0);
  });
});
