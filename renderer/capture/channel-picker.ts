/** Length (s) of the blocks over which channels are compared: several periods of any voice. */
const BLOCK_S = 0.02;
/** Consecutive blocks (100 ms) that a level must last. A click is shorter. */
const SUSTAINED_BLOCKS = 5;
/** Power ratio (6 dB) by which another channel must be stronger to be selected instead of the current one. */
const MIN_POWER_GAIN = 4;
/**
 * Time constant (s) of a channel's level decay. Long enough that a noisy input is not selected while the speaker
 * pauses.
 */
const DECAY_S = 20;
/** Power of full scale (-72 dBFS) below which a channel is silent. */
const SILENT_POWER = 10 ** -7.2;
/** Power (-50 dBFS) up to which a channel has carried only noise. */
const NOISE_POWER = 10 ** -5;
/** Power ratio (20 dB) to that noise that counts as the first sound. */
const FIRST_SOUND_RATIO = 100;
/** Silent blocks (200 ms) after which the current channel may count as disconnected. */
const DISCONNECTED_BLOCKS = 10;
/**
 * Minimum power ratio (-20 dB) of another channel to the level before the silence. The noise of an open input is 30 to
 * 40 dB below a voice.
 */
const MIN_POWER_RATIO = 1 / 100;
/** Duration (s) of the crossfade between channels, which prevents clicks. */
const FADE_S = 0.005;

/**
 * Selects the channel that carries the sound. Channels are never mixed: averaging with a silent channel would halve the
 * level, and a channel in opposite phase (a balanced line read as stereo) would cancel the signal. If several channels
 * carry the same signal, the first one is used.
 */
export class ChannelPicker {
  readonly #chosen: number;
  #rate: number;
  #current = 0;
  /** The running crossfade: the previous channel, and how many samples are done. */
  #fade: { from: number; done: number } | null = null;
  #channels: ChannelLevel[] = [];
  #blockSamples = 0;
  #quietBlocks = 0;
  #mixed = new Float32Array(0);

  /**
   * @param rate of the samples, in Hz
   * @param chosen the channel set by the user, from 1; 0: selected automatically
   */
  constructor(rate: number, chosen: number) {
    this.#rate = rate;
    this.#chosen = chosen;
  }

  /** The device changed its rate (Hz). */
  changeRate(rate: number): void {
    this.#rate = rate;
  }

  /**
   * @param channels one array per channel, all of the same length
   * @returns the selected channel, valid until the next call; undefined if there are no channels
   */
  pick(channels: readonly Float32Array[]): Float32Array | undefined {
    const chosen = channels[this.#chosen - 1];
    if (chosen !== undefined || channels.length < 2) return chosen ?? channels[0];
    if (this.#channels.length !== channels.length) this.#begin(channels.length);
    this.#compare(channels);
    return this.#fade === null ? channels[this.#current] : this.#crossfade(channels, this.#fade);
  }

  #begin(count: number): void {
    this.#channels = Array.from({ length: count }, () => new ChannelLevel());
    this.#current = 0;
    this.#fade = null;
    this.#blockSamples = this.#quietBlocks = 0;
  }

  #compare(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0;
    const powers = channels.map((samples, i) => this.#channels[i]?.add(samples) ?? 0);
    const { peak } = this.#level(this.#current);
    if (peak < SILENT_POWER) this.#selectFirst(powers, SILENT_POWER);
    else if (peak < NOISE_POWER) this.#selectFirst(powers, peak * FIRST_SOUND_RATIO);
    this.#blockSamples += length;
    if (this.#blockSamples < this.#rate * BLOCK_S) return;
    const decay = Math.exp(-this.#blockSamples / (this.#rate * DECAY_S));
    for (const level of this.#channels) level.endBlock(decay);
    this.#blockSamples = 0;
    this.#reselect();
  }

  /** Before any sound, selects the first channel with sound immediately, so that no start of a word is cut. */
  #selectFirst(powers: readonly number[], minimum: number): void {
    const best = indexOfMax(powers);
    const power = powers[best] ?? 0;
    if (power >= minimum && power > MIN_POWER_GAIN * (powers[this.#current] ?? 0)) this.#switchTo(best);
  }

  #reselect(): void {
    const current = this.#level(this.#current);
    const best = indexOfMax(this.#channels.map((level) => level.peak));
    if (this.#level(best).peak > MIN_POWER_GAIN * Math.max(current.peak, SILENT_POWER)) return this.#switchTo(best);
    this.#quietBlocks = current.last < SILENT_POWER ? this.#quietBlocks + 1 : 0;
    if (this.#quietBlocks < DISCONNECTED_BLOCKS) return;
    const next = indexOfMax(this.#channels.map((level) => level.sustained));
    const { sustained } = this.#level(next);
    if (next === this.#current || sustained < SILENT_POWER || sustained < current.peak * MIN_POWER_RATIO) return;
    current.peak = current.last;
    this.#switchTo(next);
  }

  #switchTo(to: number): void {
    if (to === this.#current) return;
    this.#fade = { from: this.#current, done: 0 };
    this.#current = to;
    this.#quietBlocks = 0;
  }

  #crossfade(channels: readonly Float32Array[], fade: { from: number; done: number }): Float32Array | undefined {
    const [from, to] = [channels[fade.from], channels[this.#current]];
    if (from === undefined || to === undefined) return to ?? from;
    if (this.#mixed.length < to.length) this.#mixed = new Float32Array(to.length);
    const mixed = this.#mixed.subarray(0, to.length);
    const length = Math.max(1, Math.round(this.#rate * FADE_S));
    for (let i = 0; i < mixed.length; i++) {
      const share = Math.min(1, (fade.done + i) / length);
      mixed[i] = (from[i] as number) * (1 - share) + (to[i] as number) * share;
    }
    fade.done += mixed.length;
    if (fade.done >= length) this.#fade = null;
    return mixed;
  }

  #level(channel: number): ChannelLevel {
    return this.#channels[channel] ?? new ChannelLevel();
  }
}

/** Power levels of one channel relative to full scale, without its constant offset. */
class ChannelLevel {
  /** Power of the last block. */
  last = 0;
  /** Minimum power over the blocks of the last 100 ms. */
  sustained = 0;
  /** Maximum of `sustained`, with a slow decay. */
  peak = 0;
  #recent: number[] = [];
  #sum = 0;
  #sumOfSquares = 0;
  #count = 0;

  /** @returns the power of these samples */
  add(samples: Float32Array): number {
    let [sum, sumOfSquares] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      // NaN counts as silence, as in the framer; otherwise it would stay in the sums.
      if (!Number.isFinite(sample)) continue;
      sum += sample;
      sumOfSquares += sample * sample;
    }
    this.#sum += sum;
    this.#sumOfSquares += sumOfSquares;
    this.#count += samples.length;
    return power(sum, sumOfSquares, samples.length);
  }

  endBlock(decay: number): void {
    this.last = power(this.#sum, this.#sumOfSquares, this.#count);
    this.#sum = this.#sumOfSquares = this.#count = 0;
    this.#recent = [...this.#recent, this.last].slice(-SUSTAINED_BLOCKS);
    this.sustained = this.#recent.length < SUSTAINED_BLOCKS ? 0 : Math.min(...this.#recent);
    this.peak = Math.max(this.sustained, this.peak * decay);
  }
}

function power(sum: number, sumOfSquares: number, count: number): number {
  return count === 0 ? 0 : Math.max(0, sumOfSquares / count - (sum / count) ** 2);
}

function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);
}
