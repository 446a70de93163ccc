import type { SeededRandom } from '../seeded-random.ts';
import { peakDbfs } from './level.ts';
import type { Sound } from './wav.ts';

export interface SpeechLikeOptions {
  seconds: number;
  random: SeededRandom;
  /** Samples a second. */
  rate?: number;
  /** Highest peak, in dBFS. Above 0 the loudest parts are clipped. */
  peak?: number;
  /** Pitch of the voice, in Hz. */
  pitch?: number;
}

/** Centre frequency and bandwidth (Hz) of the resonances of a few vowels. */
const VOWELS: readonly (readonly (readonly [frequency: number, bandwidth: number])[])[] = [
  [
    [730, 90],
    [1_090, 110],
    [2_440, 170],
  ],
  [
    [530, 80],
    [1_840, 110],
    [2_480, 170],
  ],
  [
    [270, 60],
    [2_290, 130],
    [3_010, 200],
  ],
  [
    [570, 80],
    [840, 100],
    [2_410, 170],
  ],
  [
    [300, 60],
    [870, 100],
    [2_240, 160],
  ],
];

/**
 * Makes a sound with the rhythm and the spectrum of speech, and without words: syllables of vowels and hisses, in
 * phrases between pauses. It is no recording of a person.
 */
export function speechLike({ seconds, random, rate = 16_000, peak = -9, pitch = 120 }: SpeechLikeOptions): Sound {
  const samples = new Float64Array(Math.round(seconds * rate));
  /** A speaker moves, and gets louder and quieter: the level of each passage. */
  let passage = { until: 0, level: 1 };
  for (let at = seconds < 1 ? 0 : 0.25; at < seconds; ) {
    if (at >= passage.until) {
      passage = { until: at + seconds * (0.02 + 0.06 * random.next()), level: 0.2 + 0.8 * random.next() };
    }
    const level = passage.level * (0.4 + 0.6 * random.next());
    const phrase = { level, pitch: pitch * (0.9 + 0.25 * random.next()) };
    for (let syllables = random.int(4, 14); syllables > 0 && at < seconds; syllables--) {
      const length = 0.09 + 0.14 * random.next();
      addSyllable({ rate, samples }, at, length, phrase, random);
      at += length * (0.85 + 0.3 * random.next());
    }
    at += random.chance(0.2) ? 0.8 + 1.4 * random.next() : 0.15 + 0.45 * random.next();
  }
  const gain = 10 ** ((peak - peakDbfs(samples)) / 20);
  return { rate, samples: samples.map((sample) => Math.max(-1, Math.min(1, sample * gain))) };
}

/** Adds a syllable: a hiss before some of the vowels, then pulses of the pitch through the vowel's resonances. */
function addSyllable(
  { rate, samples }: Sound,
  at: number,
  seconds: number,
  phrase: { level: number; pitch: number },
  random: SeededRandom,
): void {
  const first = Math.round(at * rate);
  const length = Math.min(Math.round(seconds * rate), samples.length - first);
  const filters = random.pick(VOWELS).map(([frequency, bandwidth]) => resonator(frequency, bandwidth, rate));
  const level = phrase.level * (0.5 + 0.5 * random.next());
  const hiss = random.chance(0.4) ? Math.round(length * 0.3) : 0;
  const period = rate / phrase.pitch;
  for (let i = 0, nextPulse = 0; i < length; i++) {
    const pulse = i >= nextPulse;
    if (pulse) nextPulse += period * (0.98 + 0.04 * random.next());
    const vowel = filters.reduce((sum, filter) => sum + filter(pulse ? 1 : 0), 0);
    const noise = i < hiss ? 0.08 * (2 * random.next() - 1) : 0;
    const envelope = Math.sin((Math.PI * i) / length) ** 0.7;
    samples[first + i] = (samples[first + i] ?? 0) + level * envelope * (vowel + noise);
  }
}

/** A resonance as a filter with two poles. */
function resonator(frequency: number, bandwidth: number, rate: number): (input: number) => number {
  const radius = Math.exp((-Math.PI * bandwidth) / rate);
  const back1 = 2 * radius * Math.cos((2 * Math.PI * frequency) / rate);
  const back2 = -radius * radius;
  let [last, beforeLast] = [0, 0];
  return (input) => {
    const output = (1 - radius) * input + back1 * last + back2 * beforeLast;
    [beforeLast, last] = [last, output];
    return output;
  };
}
