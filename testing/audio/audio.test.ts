import { describe, expect, test } from 'vitest';
import { align, decimate, missingSeconds } from './align.ts';
import { fft } from './fft.ts';
import { durationOf, peakDbfs, rmsDbfs, trimSilence } from './level.ts';
import { spectralDistance } from './spectrum.ts';
import { dominantFrequency, levelAt, tone, toneFaults } from './tone.ts';
import { readWav, type Sound, writeWav } from './wav.ts';

const RATE = 16_000;

/** Bursts of noise, similar to speech and the same in every run (linear congruential generator). */
function noiseBursts(length: number): Sound {
  let state = 1;
  const samples = Float64Array.from({ length }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 30 - 1) * 0.3 * Math.abs(Math.sin(i / 2000));
  });
  return { rate: RATE, samples };
}

function modified(sound: Sound, change: (samples: number[]) => number[]): Sound {
  return { rate: sound.rate, samples: Float64Array.from(change([...sound.samples])) };
}

describe('WAV', () => {
  test('is read with the samples that were written, to 16 bits', () => {
    const sound = tone({ frequency: 440, seconds: 0.1, rate: RATE });
    const read = readWav(writeWav(sound));
    expect(read.rate).toBe(RATE);
    expect(read.samples.length).toBe(sound.samples.length);
    expect(Math.max(...read.samples.map((sample, i) => Math.abs(sample - (sound.samples[i] ?? 0))))).toBeLessThan(2e-5);
  });

  test('is refused if it is truncated', () => {
    const bytes = writeWav(tone({ frequency: 440, seconds: 0.1 }));
    expect(() => readWav(bytes.subarray(0, bytes.length - 2))).toThrow('the file ends before them');
  });
});

describe('levels', () => {
  test('reads a full-scale sine as -3.01 dBFS RMS and 0 dBFS peak', () => {
    const { samples } = tone({ frequency: 1000, seconds: 1, dbfs: 0 });
    expect(rmsDbfs(samples)).toBeCloseTo(-3.01, 2);
    expect(peakDbfs(samples)).toBeCloseTo(0, 2);
  });

  test('removes silence at both ends', () => {
    expect(durationOf(trimSilence(tone({ frequency: 440, seconds: 1, silence: 0.5 })))).toBeCloseTo(1, 2);
  });

  test('throws if there is only silence', () => {
    expect(() => trimSilence({ rate: RATE, samples: new Float64Array(1000) })).toThrow('digital silence');
  });
});

describe('spectrum', () => {
  test('transforms an impulse into a flat spectrum', () => {
    const re = Float64Array.from([0, 1, 0, 0]);
    const im = new Float64Array(4);
    fft(re, im);
    expect([...re].map((value, k) => Math.hypot(value, im[k] ?? 0))).toEqual([1, 1, 1, 1]);
    expect(im[1]).toBeCloseTo(-1, 12);
  });

  test('differs by 0 dB between a sound and itself, and by 6 dB at half the amplitude', () => {
    const sound = noiseBursts(RATE);
    expect(spectralDistance(sound, sound)).toBe(0);
    expect(
      spectralDistance(
        sound,
        modified(sound, (s) => s.map((x) => x / 2)),
      ),
    ).toBeCloseTo(6.02, 1);
  });

  test('differs by less than 0.5 dB between 48 and 16 kHz', () => {
    const wide = { ...noiseBursts(3 * RATE), rate: 48_000 };
    expect(spectralDistance(decimate(wide, 3), wide)).toBeLessThan(0.5);
  });

  test('detects a muffled voice', () => {
    const sound = noiseBursts(RATE);
    const muffled = modified(sound, (s) =>
      s.map((x, i) => (x + (s[i - 1] ?? 0) + (s[i - 2] ?? 0) + (s[i - 3] ?? 0)) / 4),
    );
    expect(spectralDistance(sound, muffled)).toBeGreaterThan(3);
  });
});

describe('alignment', () => {
  test('finds a delayed, quieter copy', () => {
    const sound = noiseBursts(RATE);
    const late = modified(sound, (s) => [...new Array(1234).fill(0), ...s.map((x) => x / 3)]);
    const { lag, correlation } = align(sound, late);
    expect(lag).toBe(1234);
    expect(correlation).toBeCloseTo(1, 6);
  });

  test('finds a copy whose beginning is missing', () => {
    const sound = noiseBursts(RATE);
    expect(
      align(
        sound,
        modified(sound, (s) => s.slice(500)),
      ).lag,
    ).toBe(-500);
  });

  test('measures almost no correlation between unrelated sounds', () => {
    expect(align(noiseBursts(RATE), tone({ frequency: 440, seconds: 1, rate: RATE })).correlation).toBeLessThan(0.2);
  });

  test('measures the audio missing from the copy', () => {
    const sound = noiseBursts(RATE);
    expect(missingSeconds(sound, sound, 0)).toBe(0);
    const holed = modified(sound, (s) => s.map((x, i) => (i >= 2560 && i < 3520 ? 0 : x)));
    expect(missingSeconds(sound, holed, 0)).toBeCloseTo(0.06, 6);
  });
});

describe('tones', () => {
  const clean = tone({ frequency: 997, seconds: 1, rate: RATE });

  test('measures the frequency to 0.1 Hz', () => {
    expect(Math.abs(dominantFrequency(clean) - 997)).toBeLessThan(0.1);
  });

  test('measures the level of each of two tones', () => {
    const faint = tone({ frequency: 523, seconds: 1, rate: RATE, dbfs: -60 });
    const both = modified(clean, (s) => s.map((x, i) => x + (faint.samples[i] ?? 0)));
    expect(levelAt(both, 997)).toBeCloseTo(-12, 1);
    expect(levelAt(both, 523)).toBeCloseTo(-60, 1);
    expect(levelAt(both, 2311)).toBeLessThan(-100);
  });

  test('finds no fault in a clean tone, even with 16 bits', () => {
    const faults = toneFaults(readWav(writeWav(clean)));
    expect(faults.residualDb).toBeLessThan(-60);
    expect(faults.phaseJump).toBeLessThan(0.01);
    expect(faults.unsteadinessDb).toBeLessThan(0.1);
  });

  test('detects a click of one sample', () => {
    const clicked = modified(clean, (s) => s.map((x, i) => (i === 8000 ? x + 0.1 : x)));
    expect(toneFaults(clicked).residualDb).toBeGreaterThan(-30);
  });

  test('detects a lost frame of 20 ms by the change of phase', () => {
    const cut = modified(clean, (s) => [...s.slice(0, 8000), ...s.slice(8320)]);
    expect(toneFaults(cut).phaseJump).toBeGreaterThan(0.1);
  });

  test('detects a frame replaced by silence', () => {
    const muted = modified(clean, (s) => s.map((x, i) => (i >= 8000 && i < 8320 ? 0 : x)));
    expect(toneFaults(muted).unsteadinessDb).toBeGreaterThan(20);
  });
});
