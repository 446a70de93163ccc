/**
 * Frequencies of the tones in Hz. At 16 kHz, those above 8 kHz alias to |f - 16,000 n|. Tones and aliases are at least
 * 20 Hz apart, so one spectrum separates all of them.
 */
export const PASSBAND = [97, 211, 397, 797, 997, 1_999, 2_999, 3_989, 4_987, 5_987, 6_491, 6_991] as const;
export const TRANSITION = [7_549, 7_793] as const;
export const STOPBAND = [
  8_513, 8_609, 9_083, 10_037, 11_057, 13_033, 15_101, 17_041, 18_041, 20_047, 21_491, 22_013, 22_969,
] as const;
/** The reference for all levels. */
export const REFERENCE = 997;

/** Peak of each tone, low enough that the sum of all tones stays below full scale. */
export const TONE_LEVEL = 0.025;

/** All tones that an input of this rate (Hz) can carry. */
export function tonesBelow(rate: number): number[] {
  return [...PASSBAND, ...TRANSITION, ...STOPBAND].filter((frequency) => frequency < rate / 2);
}

/** The sum of all tones, -1..1. Their phases differ to lower the peak (Schroeder 1970). */
export function allTones(rate: number, seconds: number): Float64Array {
  const tones = tonesBelow(rate);
  const samples = new Float64Array(Math.round(rate * seconds));
  for (const [index, frequency] of tones.entries()) {
    const step = (2 * Math.PI * frequency) / rate;
    const phase = (Math.PI * index ** 2) / tones.length;
    for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) + TONE_LEVEL * Math.sin(step * i + phase);
  }
  return samples;
}
