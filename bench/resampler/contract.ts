/** How the page brings a whole recording to 16 kHz, without a microphone and independent of time. */
export const CONVERTERS = ['earshot', 'decodeAudioData', 'buffer source'] as const;
export type Converter = (typeof CONVERTERS)[number];

/**
 * How the page captures a track. `earshot`: as the app in Chromium does. `context 16 kHz`: the app's audio graph in a
 * context of 16 kHz, so that the browser resamples and the app's resampler passes its input through.
 */
export const CAPTURES = ['earshot', 'context 16 kHz'] as const;
export type CaptureKind = (typeof CAPTURES)[number];

/** Rate of the output, in Hz. */
export const OUTPUT_RATE = 16_000;
/** Rates of the inputs, in Hz. */
export const INPUT_RATES = [48_000, 44_100] as const;

/** What a capture reads: the tones of signals.ts at a rate, played by an audio context, or the microphone. */
export type Source = { tones: number } | 'microphone';

export interface CaptureRun {
  /** The order is that of the results; the same kind may appear twice. */
  kinds: CaptureKind[];
  source: Source;
  seconds: number;
  /** Keeps the page's main thread busy for most of the time. */
  busy: boolean;
}

export interface Captured {
  /** PCM16 at 16 kHz. Gaps are left out. */
  samples: number[];
  /** When the page received each frame of 320 samples, in ms. */
  arrivals: number[];
  /** Gaps that the capture reported, in ms. */
  gapsMs: number;
}

export interface Converted {
  /** -1..1 at 16 kHz. */
  samples: number[];
  /** Duration of the conversion, in ms. */
  ms: number;
}

/** What `getUserMedia` did with a `sampleRate` constraint. */
export interface ConstraintResult {
  constraint: string;
  /** The rate of the audio that arrives, in Hz, or the name of the error. */
  result: string;
}

/** What the page offers as `globalThis.bench`. */
export interface PageApi {
  /** @param wav address of a recording */
  convert(converter: Converter, wav: string): Promise<Converted>;
  /** Whether Earshot's resampler gives the same bits for `rounds` random divisions of the recording. */
  isDivisible(wav: string, rounds: number): Promise<boolean>;
  capture(run: CaptureRun): Promise<Captured[]>;
  constraints(): Promise<ConstraintResult[]>;
  /** Rate of the microphone's track, in Hz. */
  microphoneRate(): Promise<number>;
}

/** What Firefox does with a microphone and an audio context of 16 kHz. */
export interface FirefoxResult {
  agent: string;
  /** `accepted`, or the error. */
  outcome: string;
}
