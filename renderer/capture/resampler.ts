import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { EarshotError } from '../../shared/errors.ts';

/**
 * Filter edges as fractions of the lower of the two rates. When downsampling to 16 kHz: flat to 7.0 kHz, -6 dB at 7.8
 * kHz, stopband from 8.6 kHz. Input between 8.0 and 8.6 kHz aliases to 7.4..8.0 kHz, above the passband, where it does
 * not affect speech; in return the filter is a third shorter than one with a stopband from 8.0 kHz.
 */
const PASSBAND_EDGE = 7_000 / 16_000;
const STOPBAND_EDGE = 8_600 / 16_000;
const CUTOFF = (PASSBAND_EDGE + STOPBAND_EDGE) / 2;
/** Stopband rejection in dB: the specified 80, well below any room noise, plus a margin of 10. */
const REJECTION_DB = 90;
/**
 * Kaiser window shape and half-length for that rejection and transition. Full length: 57.2 samples of the lower rate.
 */
const BETA = 0.1102 * (REJECTION_DB - 8.7);
const HALF_LENGTH = (REJECTION_DB - 7.95) / (2.285 * 2 * Math.PI * (STOPBAND_EDGE - PASSBAND_EDGE)) / 2;

/** Maximum number of exact filter phases; covers 44,100 (160), 22,050 (320), 11,025 (640) and their multiples. */
const MAX_EXACT_PHASES = 640;
/** Otherwise phases per sample of the lower rate, with interpolation between them; its error is below -110 dB. */
const INTERPOLATED_PHASES = 512;
/** Input samples processed at once, independent of the caller's quantum. */
const BLOCK = 1024;
/** Range of AudioContext sample rates that browsers support, in Hz. */
const MIN_RATE = 3_000;
const MAX_RATE = 768_000;

const EMPTY = new Float32Array(0);

/**
 * Streaming, band-limited conversion from any device rate to 16 kHz: a Kaiser-windowed sinc as a polyphase filter.
 * Rejects aliases by at least 80 dB from 8.6 kHz; passband ripple is below 0.1 dB up to 7 kHz (for devices below 16
 * kHz, up to 7/16 of their rate). 16 kHz passes through unchanged.
 *
 * Output sample n is the input at time n / 16,000 s: the filter is centred, so its delay (1.8 ms) adds latency but no
 * offset. The output is bit-identical for any division of the input into quanta. Runs on the audio thread: after the
 * first quantum of a given size, it allocates only the returned view.
 *
 * Browsers resample too, but with aliases 30 dB down instead of 80: docs/decisions/0006-capture-at-16-khz.md.
 *
 * Follows J. O. Smith, "Digital Audio Resampling Home Page" (ccrma.stanford.edu/~jos/resample), and Crochiere and
 * Rabiner, "Multirate Digital Signal Processing" (1983), chapter 4; Kaiser's formulas for window shape and length.
 */
export class Resampler {
  readonly #rate: number;
  /** Half-length of the filter, in input samples. */
  readonly #half: number;
  readonly #taps: number;
  readonly #phases: number;
  /** Row p: filter taps for an output p / phases after an input sample. Has one row more than phases. */
  readonly #table: Float32Array;
  /** Past input that the filter still needs, followed by a block of new samples. */
  readonly #window: Float32Array;
  #filled = 0;
  /** Index in the window of the next output's first tap. */
  #at = 0;
  /** Offset of the next output from an input sample, in 1 / 16,000 input samples; exact for integer rates. */
  #phase = 0;
  #received = 0;
  #produced = 0;
  #output = EMPTY;

  /**
   * @param rate sample rate of the device in Hz, 3,000 to 768,000; need not be an integer
   * @throws {EarshotError} `bad_audio` if the rate is out of range
   */
  constructor(rate: number) {
    if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
      throw new EarshotError('bad_audio', `Cannot record at ${rate} Hz: choose a device between 3 and 768 kHz.`);
    }
    const stretch = Math.max(1, rate / SAMPLE_RATE);
    this.#rate = rate;
    this.#half = Math.ceil(HALF_LENGTH * stretch);
    this.#taps = 2 * this.#half;
    this.#phases = phasesFor(rate, stretch);
    this.#table = rate === SAMPLE_RATE ? EMPTY : filterTable(this.#phases, this.#half, CUTOFF / stretch);
    this.#window = new Float32Array(this.#taps + BLOCK);
    this.#reset();
  }

  /**
   * Processes any number of input samples.
   * @returns the 16 kHz samples available so far; a view, valid until the next call
   */
  process(input: Float32Array): Float32Array {
    if (this.#rate === SAMPLE_RATE) return input;
    this.#reserve(Math.ceil((input.length * SAMPLE_RATE) / this.#rate) + 1);
    this.#received += input.length;
    return this.#output.subarray(0, this.#feed(input, Number.POSITIVE_INFINITY));
  }

  /**
   * Ends the stream, with silence as the following input, and starts a new one.
   * @returns the tail; the total output is `round(inputLength × 16,000 / rate)` samples
   */
  flush(): Float32Array {
    if (this.#rate === SAMPLE_RATE) return EMPTY;
    const total = Math.round((this.#received * SAMPLE_RATE) / this.#rate);
    this.#reserve(total - this.#produced);
    // The last output precedes the end of the input, so the filter needs at most half its length beyond the end.
    const written = this.#feed(new Float32Array(this.#half), total);
    this.#reset();
    return this.#output.subarray(0, written);
  }

  #reset(): void {
    // Half a filter length of silence aligns the first output with the first input sample.
    this.#window.fill(0);
    this.#filled = this.#half - 1;
    this.#at = 0;
    this.#phase = 0;
    this.#received = 0;
    this.#produced = 0;
  }

  #reserve(samples: number): void {
    if (this.#output.length < samples) this.#output = new Float32Array(samples);
  }

  /** Filters `input` into the output buffer until `total` samples are produced; returns how many it wrote. */
  #feed(input: Float32Array, total: number): number {
    const window = this.#window;
    let written = 0;
    for (let from = 0; from < input.length; ) {
      const until = Math.min(from + BLOCK, input.length);
      for (; from < until; from++) window[this.#filled++] = finite(input[from] as number);
      written = this.#drain(written, total);
      // The filter is longer than any step, so the next first tap is within the window.
      window.copyWithin(0, this.#at, this.#filled);
      this.#filled -= this.#at;
      this.#at = 0;
    }
    return written;
  }

  /** Writes every output whose inputs are all in the window, starting at index `written`; returns the next index. */
  #drain(written: number, total: number): number {
    const taps = this.#taps;
    const whole = Math.floor(this.#rate / SAMPLE_RATE);
    const rest = this.#rate - whole * SAMPLE_RATE;
    while (this.#at + taps <= this.#filled && this.#produced < total) {
      const row = (this.#phase * this.#phases) / SAMPLE_RATE;
      const lower = Math.floor(row);
      const between = row - lower;
      let sample = this.#dot(lower);
      if (between > 0) sample += between * (this.#dot(lower + 1) - sample);
      this.#output[written++] = sample;
      this.#produced++;
      this.#at += whole;
      this.#phase += rest;
      if (this.#phase >= SAMPLE_RATE) {
        this.#phase -= SAMPLE_RATE;
        this.#at++;
      }
    }
    return written;
  }

  #dot(row: number): number {
    const table = this.#table;
    const window = this.#window;
    const taps = this.#taps;
    const offset = row * taps;
    const at = this.#at;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (table[offset + tap] as number) * (window[at + tap] as number);
    return sum;
  }
}

/** Keeps a bad sample from spreading over the filter's length: NaN becomes silence, infinities full scale. */
function finite(sample: number): number {
  if (sample - sample === 0) return sample;
  if (sample > 0) return 1;
  return sample < 0 ? -1 : 0;
}

/**
 * The exact number of phases for integer rates, 16,000 / gcd; if too many or not an integer, fewer with interpolation.
 */
function phasesFor(rate: number, stretch: number): number {
  const exact = Number.isInteger(rate)
    ? SAMPLE_RATE / greatestCommonDivisor(rate, SAMPLE_RATE)
    : Number.POSITIVE_INFINITY;
  // A stretched filter is smoother, so it needs fewer phases for the same error.
  return exact <= MAX_EXACT_PHASES ? exact : Math.ceil(INTERPOLATED_PHASES / stretch);
}

/** The windowed sinc, sampled at every phase; `cutoff` in cycles per input sample. */
function filterTable(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const table = new Float32Array((phases + 1) * taps);
  const row = new Float64Array(taps);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = phase / phases + half - 1 - tap;
      const weight = Math.abs(distance) < half ? sinc(2 * cutoff * distance) * kaiser(distance / half) : 0;
      row[tap] = weight;
      sum += weight;
    }
    // Normalise every phase to unity gain at DC, which avoids a hum at the rate of the phases.
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap] = (row[tap] as number) / sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
