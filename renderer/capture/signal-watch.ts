import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { MicrophoneStatus } from '../../shared/microphone-state.ts';

export type SignalStatus = Extract<MicrophoneStatus, 'ok' | 'silent' | 'noise'>;

/**
 * Level (RMS, dBFS) below which there is only electronic noise. Converters and preamplifiers are at -78 to -96; a
 * microphone in a quiet room is at -65 to -50.
 */
export const NOISE_DBFS = -72;
const NOISE_POWER = 10 ** (NOISE_DBFS / 10) * 32_768 ** 2;
/**
 * Maximum range of the samples of a frame that counts as digital silence: a constant, plus or minus one step of noise.
 */
const SILENT_RANGE = 2;
/** Consecutive frames (100 ms) that count as sound. The click of a plug or switch is shorter. */
const SOUND_FRAMES = 5;
/** Time (ms) after which a microphone without any sound since its opening is reported. */
const NO_SOUND_YET_MS = 3_000;
/**
 * Time (ms) after which a microphone that had sound is reported. Headsets and drivers with a noise gate deliver digital
 * silence between words, and a pause of some seconds must not cause a warning.
 */
const NO_MORE_SOUND_MS = 15_000;
/**
 * Time (ms) for which silence or noise must last to become the status, so that a click or a single frame is ignored.
 */
const STATUS_CHANGE_MS = 1_000;

/**
 * Detects from the audio whether a microphone picks up sound. Pure: measures time by the length of the frames.
 * Levels exclude the constant offset.
 */
export class SignalWatch {
  #status: SignalStatus = 'ok';
  /** There has been sound since the microphone was opened. */
  #hadSound = false;
  #soundFrames = 0;
  #quietMs = 0;
  #kind: 'silent' | 'noise' = 'silent';
  /** How long (ms) the other kind has lasted. */
  #otherKindMs = 0;

  get status(): SignalStatus {
    return this.#status;
  }

  /** @param pcm the next frame: PCM16 at 16 kHz */
  push(pcm: Int16Array): SignalStatus {
    if (pcm.length === 0) return this.#status;
    const { range, power } = measure(pcm);
    if (range > SILENT_RANGE && power >= NOISE_POWER) this.#onSound();
    else this.#onQuiet(range <= SILENT_RANGE ? 'silent' : 'noise', (pcm.length * 1_000) / SAMPLE_RATE);
    return this.#status;
  }

  /** Restarts the count of quiet time, after audio that did not come from the microphone. */
  restart(): void {
    this.#status = 'ok';
    this.#soundFrames = 0;
    this.#resetQuietTime();
  }

  #onSound(): void {
    if (++this.#soundFrames < SOUND_FRAMES) return;
    this.#hadSound = true;
    this.#resetQuietTime();
    this.#status = 'ok';
  }

  #resetQuietTime(): void {
    this.#quietMs = this.#otherKindMs = 0;
    this.#kind = 'silent';
  }

  #onQuiet(kind: 'silent' | 'noise', ms: number): void {
    this.#soundFrames = 0;
    this.#quietMs += ms;
    this.#otherKindMs = kind === this.#kind ? 0 : this.#otherKindMs + ms;
    if (this.#otherKindMs >= STATUS_CHANGE_MS) {
      this.#kind = kind;
      this.#otherKindMs = 0;
    }
    if (this.#quietMs >= (this.#hadSound ? NO_MORE_SOUND_MS : NO_SOUND_YET_MS)) this.#status = this.#kind;
  }
}

/** Range of the samples, and their power without the constant offset, in 16-bit steps. */
function measure(pcm: Int16Array): { range: number; power: number } {
  let [min, max, sum, sumOfSquares] = [32_767, -32_768, 0, 0];
  for (let i = 0; i < pcm.length; i++) {
    const sample = pcm[i] as number;
    if (sample < min) min = sample;
    if (sample > max) max = sample;
    sum += sample;
    sumOfSquares += sample * sample;
  }
  const mean = sum / pcm.length;
  return { range: max - min, power: sumOfSquares / pcm.length - mean * mean };
}
