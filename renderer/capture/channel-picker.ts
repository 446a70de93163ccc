/** Channels are compared over blocks of this length (s): a period of any voice, several times. */
const BLOCK_S = 0.02;
/** So many blocks in a row (100 ms) carry a level: a click is in one of them. */
const SUSTAINED_BLOCKS = 5;
/** The channel that carries the sound has to be so much stronger (power; 6 dB) to take the place of the one that is heard. */
const STRONGER = 4;
/** What a channel carried is forgotten with this time constant (s): a speaker pauses, and a noisy input must not take over. */
const MEMORY_S = 20;
/** Below it (power of full scale; -72 dBFS) a channel carries nothing. */
const NOTHING = 10 ** -7.2;
/** One that has carried no more than this (-50 dBFS) has had noise at most, and what is so much stronger (20 dB) is the first sound. */
const NOISE = 10 ** -5;
const FIRST_SOUND = 100;
/** A channel that was heard and gives nothing for so many blocks (200 ms) has been cut off, */
const CUT_OFF_BLOCKS = 10;
/** if another one carries almost what it did: 20 dB less at most, where the noise of an open input is 30 to 40 below a voice. */
const ALMOST = 1 / 100;
/** A change from one channel to another takes so long (s), so that it makes no click. */
const FADE_S = 0.005;

/**
 * Picks the channel that carries the sound. Channels are never added up: half of a silent one would halve the level, and one in
 * opposite phase (a balanced line read as stereo) would cancel it. Where several carry the same, the first one is heard.
 */
export class ChannelPicker {
  readonly #chosen: number;
  #rate: number;
  #current = 0;
  /** What the change comes from, and how many samples of it are done. */
  #fade: { from: number; done: number } | null = null;
  #channels: ChannelLevel[] = [];
  #blockSamples = 0;
  #quietBlocks = 0;
  #mixed = new Float32Array(0);

  /**
   * @param rate of the samples, in Hz
   * @param chosen the channel that a person wants, from 1; 0: the one that carries the sound
   */
  constructor(rate: number, chosen: number) {
    this.#rate = rate;
    this.#chosen = chosen;
  }

  /** The device goes on at another rate (Hz). */
  changeRate(rate: number): void {
    this.#rate = rate;
  }

  /**
   * @param channels one array a channel, all of one length
   * @returns the picked one; lent until the next call. Nothing where there is no channel
   */
  pick(channels: readonly Float32Array[]): Float32Array | undefined {
    const wanted = channels[this.#chosen - 1];
    if (wanted !== undefined || channels.length < 2) return wanted ?? channels[0];
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
    const { carried } = this.#level(this.#current);
    if (carried < NOTHING) this.#takeFirst(powers, NOTHING);
    else if (carried < NOISE) this.#takeFirst(powers, carried * FIRST_SOUND);
    this.#blockSamples += length;
    if (this.#blockSamples < this.#rate * BLOCK_S) return;
    const memory = Math.exp(-this.#blockSamples / (this.#rate * MEMORY_S));
    for (const level of this.#channels) level.endBlock(memory);
    this.#blockSamples = 0;
    this.#decide();
  }

  /** Before anything was heard the first channel with sound is taken at once, so that no word's beginning is missing. */
  #takeFirst(powers: readonly number[], least: number): void {
    const best = indexOfMax(powers);
    const power = powers[best] ?? 0;
    if (power >= least && power > STRONGER * (powers[this.#current] ?? 0)) this.#change(best);
  }

  #decide(): void {
    const current = this.#level(this.#current);
    const best = indexOfMax(this.#channels.map((level) => level.carried));
    if (this.#level(best).carried > STRONGER * Math.max(current.carried, NOTHING)) return this.#change(best);
    this.#quietBlocks = current.last < NOTHING ? this.#quietBlocks + 1 : 0;
    if (this.#quietBlocks < CUT_OFF_BLOCKS) return;
    const next = indexOfMax(this.#channels.map((level) => level.sustained));
    const { sustained } = this.#level(next);
    if (next === this.#current || sustained < NOTHING || sustained < current.carried * ALMOST) return;
    current.carried = current.last;
    this.#change(next);
  }

  #change(to: number): void {
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

/** Powers of one channel's alternating part, of full scale: a constant offset is no sound. */
class ChannelLevel {
  /** In the last block. */
  last = 0;
  /** In each of the last 100 ms at least. */
  sustained = 0;
  /** The strongest that was sustained, slowly forgotten. */
  carried = 0;
  #recent: number[] = [];
  #sum = 0;
  #sumOfSquares = 0;
  #count = 0;

  /** @returns the power of these samples alone */
  add(samples: Float32Array): number {
    let [sum, sumOfSquares] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      // What is not a number is silence, as for the framer: it must not spoil a sum for good.
      if (!Number.isFinite(sample)) continue;
      sum += sample;
      sumOfSquares += sample * sample;
    }
    this.#sum += sum;
    this.#sumOfSquares += sumOfSquares;
    this.#count += samples.length;
    return power(sum, sumOfSquares, samples.length);
  }

  endBlock(memory: number): void {
    this.last = power(this.#sum, this.#sumOfSquares, this.#count);
    this.#sum = this.#sumOfSquares = this.#count = 0;
    this.#recent = [...this.#recent, this.last].slice(-SUSTAINED_BLOCKS);
    this.sustained = this.#recent.length < SUSTAINED_BLOCKS ? 0 : Math.min(...this.#recent);
    this.carried = Math.max(this.sustained, this.carried * memory);
  }
}

function power(sum: number, sumOfSquares: number, count: number): number {
  return count === 0 ? 0 : Math.max(0, sumOfSquares / count - (sum / count) ** 2);
}

function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);
}
