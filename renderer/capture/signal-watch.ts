import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { MicrophoneStatus } from '../../shared/microphone-state.ts';

export type SignalStatus = Extract<MicrophoneStatus, 'ok' | 'silent' | 'noise'>;

/**
 * Below this level (RMS, dBFS) there is nothing but the noise of the electronics: converters and preamplifiers are at -78 to
 * -96, a quiet room through a microphone at -65 to -50.
 */
const NOISE_DBFS = -72;
const NOISE_POWER = 10 ** (NOISE_DBFS / 10) * 32_768 ** 2;
/** Samples this far apart at most, over 20 ms, are digital silence: constant, or one step of noise around it. */
const SILENT_RANGE = 2;
/** Sound is what lasts for so many frames: 100 ms. A click of a plug or a switch is none. */
const SOUND_FRAMES = 5;
/** A microphone that has given no sound since it was opened is told after this long (ms). */
const FIRST_LIMIT_MS = 3_000;
/**
 * One that gave sound before, after this long (ms): headsets and drivers with a noise gate give digital silence whenever nobody
 * speaks, and a person who thinks for some seconds must not be warned.
 */
const LATER_LIMIT_MS = 15_000;
/** Silence and noise are told apart by what lasted this long (ms): a click, or the first faint frame of a word, changes nothing. */
const KIND_MS = 1_000;

/**
 * Tells from the sound itself whether a microphone hears anything. Pure: it counts the time of the frames that it is given.
 * Levels are those of the alternating part, since a constant offset is no sound.
 */
export class SignalWatch {
  #status: SignalStatus = 'ok';
  /** There was sound since the microphone was opened. */
  #heard = false;
  #soundFrames = 0;
  #quietMs = 0;
  #kind: 'silent' | 'noise' = 'silent';
  /** For how long (ms) the other kind has come. */
  #otherKindMs = 0;

  get status(): SignalStatus {
    return this.#status;
  }

  /** @param pcm the next frame: PCM16 at 16 kHz */
  hear(pcm: Int16Array): SignalStatus {
    if (pcm.length === 0) return this.#status;
    const { range, power } = measure(pcm);
    if (range > SILENT_RANGE && power >= NOISE_POWER) this.#hearSound();
    else this.#hearNothing(range <= SILENT_RANGE ? 'silent' : 'noise', (pcm.length * 1_000) / SAMPLE_RATE);
    return this.#status;
  }

  /** What came meanwhile was no sound of the microphone: how long it has been quiet is counted anew. */
  restart(): void {
    this.#status = 'ok';
    this.#soundFrames = 0;
    this.#hearAnew();
  }

  #hearSound(): void {
    if (++this.#soundFrames < SOUND_FRAMES) return;
    this.#heard = true;
    this.#hearAnew();
    this.#status = 'ok';
  }

  #hearAnew(): void {
    this.#quietMs = this.#otherKindMs = 0;
    this.#kind = 'silent';
  }

  #hearNothing(kind: 'silent' | 'noise', ms: number): void {
    this.#soundFrames = 0;
    this.#quietMs += ms;
    this.#otherKindMs = kind === this.#kind ? 0 : this.#otherKindMs + ms;
    if (this.#otherKindMs >= KIND_MS) {
      this.#kind = kind;
      this.#otherKindMs = 0;
    }
    if (this.#quietMs >= (this.#heard ? LATER_LIMIT_MS : FIRST_LIMIT_MS)) this.#status = this.#kind;
  }
}

/** How far its samples are apart, and the power of its alternating part, in steps of 16 bits. */
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
