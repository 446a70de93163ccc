import { md5 } from '@noble/hashes/legacy.js';
import { BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE } from '../../../shared/audio-format.ts';
import { BitWriter } from './bit-writer.ts';
import { crc8, crc16 } from './crc.ts';

// A FLAC encoder (RFC 9639) for what Earshot records: 16 kHz, one channel, 16 bits. It predicts each sample from up to
// four before it by fixed polynomials (section 9.2.5), and codes the difference by Rice codes (section 9.2.7). Speech
// becomes a few percent larger than with libFLAC's adaptive prediction.

/** Samples in a block; the last one may be shorter. 256 ms: what libFLAC uses at 44.1 kHz. */
const BLOCK_SAMPLES = 4_096;
const BITS = 8 * BYTES_PER_SAMPLE;
const MAX_ORDER = 4;
/** A block is divided into up to 2^6 partitions of 64 samples, each with a parameter of its own. */
const MAX_PARTITION_ORDER = 6;
/** The largest parameter of 4 bits; 15 is reserved. */
const MAX_RICE = 14;

/** Codes in a frame's header (sections 9.1.1 to 9.1.4). */
const SYNC = 0xfff8;
const SIZE_4096 = 12;
const SIZE_16_BITS = 7;
const RATE_16_KHZ = 5;
const MONO = 0;
const DEPTH_16 = 4;

/** Subframe types (section 9.2.1). */
const CONSTANT = 0;
const VERBATIM = 1;
const FIXED = 8;

/** Encodes samples into FLAC frames. `header` belongs before them, and is complete only after `finish`. */
export class FlacEncoder {
  readonly #block = new Int16Array(BLOCK_SAMPLES);
  #filled = 0;
  #frames = 0;
  #samples = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;
  readonly #md5 = md5.create();
  readonly #bits = new BitWriter();
  /** Residuals of each order: row n predicts from n samples. */
  readonly #residuals = Array.from({ length: MAX_ORDER + 1 }, () => new Int32Array(BLOCK_SAMPLES));

  /** @param onFrame receives and owns each frame that is complete */
  push(samples: Int16Array<ArrayBuffer>, onFrame: (frame: Uint8Array<ArrayBuffer>) => void): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + BLOCK_SAMPLES - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK_SAMPLES) onFrame(this.#encode());
    }
  }

  /** Ends the stream; the last frame may be shorter. */
  finish(onFrame: (frame: Uint8Array<ArrayBuffer>) => void): void {
    if (this.#filled > 0) onFrame(this.#encode());
  }

  /** The marker and the STREAMINFO block (section 8.2), for the start of the file. */
  header(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(42);
    const view = new DataView(bytes.buffer);
    bytes.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34]);
    view.setUint16(8, BLOCK_SAMPLES);
    view.setUint16(10, BLOCK_SAMPLES);
    const shortest = this.#frames === 0 ? 0 : this.#shortest;
    view.setUint32(12, shortest << 8);
    view.setUint32(15, this.#longest << 8);
    // Rate (20 bits), channels - 1 (3), bits - 1 (5), the upper 4 of the 36 bits of the number of samples.
    view.setUint32(
      18,
      ((SAMPLE_RATE << 12) | ((CHANNELS - 1) << 9) | ((BITS - 1) << 4) | Math.floor(this.#samples / 2 ** 32)) >>> 0,
    );
    view.setUint32(22, this.#samples >>> 0);
    bytes.set(this.#md5.clone().digest(), 26);
    return bytes;
  }

  #encode(): Uint8Array<ArrayBuffer> {
    const samples = this.#block.subarray(0, this.#filled);
    // Of the samples as little-endian bytes, which every platform of Earshot's has in memory.
    this.#md5.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    const bits = this.#bits;
    bits.clear();
    const isFull = samples.length === BLOCK_SAMPLES;
    bits.write(SYNC, 16);
    bits.write(((isFull ? SIZE_4096 : SIZE_16_BITS) << 4) | RATE_16_KHZ, 8);
    bits.write((MONO << 4) | (DEPTH_16 << 1), 8);
    writeCodedNumber(bits, this.#frames);
    if (!isFull) bits.write(samples.length - 1, 16);
    bits.write(crc8(bits.bytes(), 0, bits.bytes().length), 8);
    this.#subframe(samples);
    bits.align();
    bits.write(crc16(bits.bytes(), 0, bits.bytes().length), 16);
    const frame = bits.bytes().slice();
    this.#frames++;
    this.#samples += samples.length;
    this.#shortest = Math.min(this.#shortest, frame.length);
    this.#longest = Math.max(this.#longest, frame.length);
    this.#filled = 0;
    return frame;
  }

  #subframe(samples: Int16Array): void {
    const bits = this.#bits;
    const first = samples[0] as number;
    if (samples.every((sample) => sample === first)) {
      bits.write(CONSTANT << 1, 8);
      bits.write(first, BITS);
      return;
    }
    const order = this.#predict(samples);
    const residual = (this.#residuals[order] as Int32Array).subarray(order, samples.length);
    const plan = planRice(residual, order, samples.length);
    if (order * BITS + plan.bits >= samples.length * BITS) {
      bits.write(VERBATIM << 1, 8);
      for (const sample of samples) bits.write(sample, BITS);
      return;
    }
    bits.write((FIXED | order) << 1, 8);
    for (const sample of samples.subarray(0, order)) bits.write(sample, BITS);
    writeResidual(bits, residual, order, samples.length, plan);
  }

  /** Computes the residuals of every order. @returns the order with the smallest ones */
  #predict(samples: Int16Array): number {
    const [r0, r1, r2, r3, r4] = this.#residuals as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
    const sums = [0, 0, 0, 0, 0];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < samples.length; i++) {
      // Each order is the difference of the one before.
      const e0 = samples[i] as number;
      const e1 = e0 - a;
      const e2 = e1 - b;
      const e3 = e2 - c;
      const e4 = e3 - d;
      r0[i] = e0;
      r1[i] = e1;
      r2[i] = e2;
      r3[i] = e3;
      r4[i] = e4;
      a = e0;
      b = e1;
      c = e2;
      d = e3;
      // The first ones of an order have no samples before them.
      if (i < MAX_ORDER) continue;
      sums[0] = (sums[0] as number) + Math.abs(e0);
      sums[1] = (sums[1] as number) + Math.abs(e1);
      sums[2] = (sums[2] as number) + Math.abs(e2);
      sums[3] = (sums[3] as number) + Math.abs(e3);
      sums[4] = (sums[4] as number) + Math.abs(e4);
    }
    if (samples.length <= MAX_ORDER) return 0;
    return sums.reduce((best, sum, order) => (sum < (sums[best] as number) ? order : best), 0);
  }
}

interface RicePlan {
  /** The residual is divided into 2^partitionOrder partitions. */
  partitionOrder: number;
  /** The parameter of each. */
  parameters: number[];
  /** Size of the coded residual. */
  bits: number;
}

/** Chooses the partitions and their parameters that take the fewest bits. */
function planRice(residual: Int32Array, order: number, blockSize: number): RicePlan {
  let most = 0;
  // Every partition has the same length, the first one less the samples before the prediction.
  while (most < MAX_PARTITION_ORDER && blockSize % (2 << most) === 0 && blockSize >> (most + 1) > order) most++;
  let sums = partitionSums(residual, order, blockSize >> most, 1 << most);
  let best: RicePlan | null = null;
  for (let partitionOrder = most; partitionOrder >= 0; partitionOrder--) {
    const size = blockSize >> partitionOrder;
    let bits = 6;
    const parameters = sums.map((sum, n) => {
      const count = n === 0 ? size - order : size;
      const parameter = riceParameter(sum, count);
      // The sum of the codes' upper parts, to half a bit a sample: enough to compare.
      bits += 4 + count * (1 + parameter) + Math.floor(sum / 2 ** parameter);
      return parameter;
    });
    if (best === null || bits < best.bits) best = { partitionOrder, parameters, bits };
    sums = Array.from({ length: sums.length / 2 }, (_, n) => (sums[2 * n] as number) + (sums[2 * n + 1] as number));
  }
  return best as RicePlan;
}

/** The sum of the folded residuals in each partition. */
function partitionSums(residual: Int32Array, order: number, size: number, count: number): number[] {
  const sums: number[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    const end = (n + 1) * size - order;
    let sum = 0;
    for (; at < end; at++) sum += fold(residual[at] as number);
    sums.push(sum);
  }
  return sums;
}

/** The parameter k for which 2^k is about the mean times ln 2, where a Rice code is shortest. */
function riceParameter(sum: number, count: number): number {
  const mean = (sum / Math.max(1, count)) * Math.LN2;
  return mean < 1 ? 0 : Math.min(MAX_RICE, Math.ceil(Math.log2(mean)));
}

/** Positive and negative numbers in turns: 0, -1, 1, -2, 2, … become 0, 1, 2, 3, 4, … */
function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function writeResidual(bits: BitWriter, residual: Int32Array, order: number, blockSize: number, plan: RicePlan): void {
  // Parameters of 4 bits (section 9.2.7.1).
  bits.write(0, 2);
  bits.write(plan.partitionOrder, 4);
  const size = blockSize >> plan.partitionOrder;
  let at = 0;
  plan.parameters.forEach((parameter, n) => {
    bits.write(parameter, 4);
    for (const end = (n + 1) * size - order; at < end; at++) {
      const value = fold(residual[at] as number);
      const zeros = value >> parameter;
      const width = zeros + 1 + parameter;
      // The zeros, a one, and the lower part.
      if (width <= 24) bits.write((1 << parameter) | (value & ((1 << parameter) - 1)), width);
      else {
        bits.writeUnary(zeros);
        bits.write(value, parameter);
      }
    }
  });
}

/** A number as UTF-8 codes a character, extended to 36 bits (section 9.1.5). The number of a frame fits into 31. */
function writeCodedNumber(bits: BitWriter, value: number): void {
  if (value < 0x80) return bits.write(value, 8);
  let more = 1;
  while (value >= 2 ** (5 * more + 6)) more++;
  bits.write(((0xff00 >> (more + 1)) & 0xff) | (value >> (6 * more)), 8);
  for (let n = more - 1; n >= 0; n--) bits.write(0x80 | ((value >> (6 * n)) & 0x3f), 8);
}
