// The functions that the benchmark calls in its page, and what they take and return.

/** Ways in which the page converts a whole recording to 16 kHz, without a microphone and not in real time. */
export const CONVERTERS = ['earshot', 'decodeAudioData', 'buffer source'] as const;
export type Converter = (typeof CONVERTERS)[number];

/**
 * Ways in which the page captures a track. `earshot`: as the app does in Chromium. `context 16 kHz`: the app's audio
 * graph in an audio context of 16 kHz, where the browser resamples and the app's resampler does nothing.
 */
export const CAPTURES = ['earshot', 'context 16 kHz'] as const;
export type CaptureKind = (typeof CAPTURES)[number];

/** Rate of the output, in Hz. */
export const OUTPUT_RATE = 16_000;
/** Rates of the inputs, in Hz. */
export const INPUT_RATES = [48_000, 44_100] as const;

/** What to capture: the tones of test-tones.ts, played by an audio context of this rate (Hz), or the microphone. */
export type Source = { tones: number } | 'microphone';

export interface CaptureRun {
  /** The captures to run at once, in the order of the results. A kind may appear twice. */
  kinds: CaptureKind[];
  source: Source;
  seconds: number;
  /** Whether to keep the page's main thread busy most of the time. */
  busy: boolean;
}

export interface Captured {
  /** PCM16 at 16 kHz, without the gaps. */
  samples: number[];
  /** Time at which the page received each frame of 320 samples, in ms. */
  arrivals: number[];
  /** Total length of the gaps that the capture reported, in ms. */
  gapsMs: number;
}

export interface Converted {
  /** -1..1 at 16 kHz. */
  samples: number[];
  /** Duration of the conversion, in ms. */
  ms: number;
}

/** The effect of a `sampleRate` constraint on `getUserMedia`. */
export interface ConstraintResult {
  constraint: string;
  /** The rate of the captured audio in Hz, or the name of the error. */
  result: string;
}

/** The functions that the page exposes as `globalThis.bench`. */
export interface PageApi {
  /** @param wav URL of a recording */
  convert(converter: Converter, wav: string): Promise<Converted>;
  /** Whether Earshot's resampler gives bit-identical output for `rounds` random splits of the recording into chunks. */
  isIndependentOfChunkSizes(wav: string, rounds: number): Promise<boolean>;
  capture(run: CaptureRun): Promise<Captured[]>;
  constraints(): Promise<ConstraintResult[]>;
  /** Rate of the microphone's track, in Hz. */
  microphoneRate(): Promise<number>;
}

/** Whether Firefox accepts a microphone in an audio context of 16 kHz. */
export interface FirefoxResult {
  /** The user agent string. */
  agent: string;
  /** `accepted`, or the error. */
  outcome: string;
}
