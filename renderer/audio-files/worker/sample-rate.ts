/** The rates (Hz) that the resampler accepts. */
const MIN_RATE = 3_000;
const MAX_RATE = 768_000;

/** Whether a file's sample rate is one that can be converted. Others mean a damaged file, or one that holds no audio. */
export function isPossibleRate(rate: number): boolean {
  return rate >= MIN_RATE && rate <= MAX_RATE;
}
