import { describe, expect, test } from 'vitest';
import { align, decimate, missingSeconds } from './align.ts';
import { fft } from './fft.ts';
import { activePart, peakDbfs, rmsDbfs, seconds } from './level.ts';
import { spectralDistance } from './spectrum.ts';
import { dominantFrequency, levelAt, tone, toneFaults } from './tone.ts';
import { readWav, type Sound, writeWav } from './wav.ts';

const RATE = 16_000;

/** Noise in bursts, the same at every run (a linear congruential generator): something with an envelope to align. */
function babble(length: number): Sound {
  let state = 1;
  const samples = Float64Array.from({ length }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 30 - 1) * 0.3 * Math.abs(Math.sin(i / 2000));
  });
  return { rate: RATE, samples };
}

function changed(sound: Sound, change: (samples: number[]) => number[]): Sound {
  return { rate: sound.rate, samples: Float64Array.from(change([...sound.samples])) };
}

describe('WAV', () => {
  test('comes back as it was written, to the 16th bit', () => {
    const sound = tone({ frequency: 440, seconds: 0.1, rate: RATE });
    const read = readWav(writeWav(sound));
    expect(read.rate).toBe(RATE);
    expect(read.samples.length).toBe(sound.samples.length);
    expect(Math.max(...read.samples.map((sample, i) => Math.abs(sample - (sound.samples[i] ?? 0))))).toBeLessThan(2e-5);
  });

  test('is refused when it is cut short', () => {
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

  test('cuts silence off both ends', () => {
    expect(seconds(activePart(tone({ frequency: 440, seconds: 1, silence: 0.5 })))).toBeCloseTo(1, 2);
  });

  test('throws if there is only silence', () => {
    expect(() => activePart({ rate: RATE, samples: new Float64Array(1000) })).toThrow('digital silence');
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

  test('sees no distance between a sound and itself, and 6 dB to its half', () => {
    const sound = babble(RATE);
    expect(spectralDistance(sound, sound)).toBe(0);
    expect(
      spectralDistance(
        sound,
        changed(sound, (s) => s.map((x) => x / 2)),
      ),
    ).toBeCloseTo(6.02, 1);
  });

  test('sees hardly any between a sound at 48 kHz and the same one at 16 kHz', () => {
    const wide = { ...babble(3 * RATE), rate: 48_000 };
    expect(spectralDistance(decimate(wide, 3), wide)).toBeLessThan(0.5);
  });

  test('sees a muffled voice', () => {
    const sound = babble(RATE);
    const muffled = changed(sound, (s) =>
      s.map((x, i) => (x + (s[i - 1] ?? 0) + (s[i - 2] ?? 0) + (s[i - 3] ?? 0)) / 4),
    );
    expect(spectralDistance(sound, muffled)).toBeGreaterThan(3);
  });
});

describe('alignment', () => {
  test('finds a delayed, fainter copy', () => {
    const sound = babble(RATE);
    const late = changed(sound, (s) => [...new Array(1234).fill(0), ...s.map((x) => x / 3)]);
    const { lag, correlation } = align(sound, late);
    expect(lag).toBe(1234);
    expect(correlation).toBeCloseTo(1, 6);
  });

  test('finds a copy whose beginning is missing', () => {
    const sound = babble(RATE);
    expect(
      align(
        sound,
        changed(sound, (s) => s.slice(500)),
      ).lag,
    ).toBe(-500);
  });

  test('finds no correlation between unrelated sounds', () => {
    expect(align(babble(RATE), tone({ frequency: 440, seconds: 1, rate: RATE })).correlation).toBeLessThan(0.2);
  });

  test('measures the audio missing from the copy', () => {
    const sound = babble(RATE);
    expect(missingSeconds(sound, sound, 0)).toBe(0);
    const holed = changed(sound, (s) => s.map((x, i) => (i >= 2560 && i < 3520 ? 0 : x)));
    expect(missingSeconds(sound, holed, 0)).toBeCloseTo(0.06, 6);
  });
});

describe('tones', () => {
  const clean = tone({ frequency: 997, seconds: 1, rate: RATE });

  test('tells the frequency to a tenth of a hertz', () => {
    expect(Math.abs(dominantFrequency(clean) - 997)).toBeLessThan(0.1);
  });

  test('tells how loud each of two tones is', () => {
    const faint = tone({ frequency: 523, seconds: 1, rate: RATE, dbfs: -60 });
    const both = changed(clean, (s) => s.map((x, i) => x + (faint.samples[i] ?? 0)));
    expect(levelAt(both, 997)).toBeCloseTo(-12, 1);
    expect(levelAt(both, 523)).toBeCloseTo(-60, 1);
    expect(levelAt(both, 2311)).toBeLessThan(-100);
  });

  test('finds nothing wrong with a clean one, also after 16 bits', () => {
    const faults = toneFaults(readWav(writeWav(clean)));
    expect(faults.residualDb).toBeLessThan(-60);
    expect(faults.phaseJump).toBeLessThan(0.01);
    expect(faults.unsteadinessDb).toBeLessThan(0.1);
  });

  test('hears one sample that clicks', () => {
    const clicked = changed(clean, (s) => s.map((x, i) => (i === 8000 ? x + 0.1 : x)));
    expect(toneFaults(clicked).residualDb).toBeGreaterThan(-30);
  });

  test('hears a lost frame of 20 ms by its phase', () => {
    const cut = changed(clean, (s) => [...s.slice(0, 8000), ...s.slice(8320)]);
    expect(toneFaults(cut).phaseJump).toBeGreaterThan(0.1);
  });

  test('hears a frame of silence in its place', () => {
    const muted = changed(clean, (s) => s.map((x, i) => (i >= 8000 && i < 8320 ? 0 : x)));
    expect(toneFaults(muted).unsteadinessDb).toBeGreaterThan(20);
  });
});
