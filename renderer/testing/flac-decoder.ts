/** Reads bits, most significant first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  get byte(): number {
    return Math.ceil(this.#at / 8);
  }
  read(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new Error('the file ends in the middle of a frame');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }
  signed(width: number): number {
    const value = this.read(width);
    return value >= 2 ** (width - 1) ? value - 2 ** width : value;
  }
  unary(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return zeros;
  }
  align(): void {
    this.#at = this.byte * 8;
  }
}

export interface DecodedFlac {
  rate: number;
  samples: number[];
  /** Of STREAMINFO. */
  total: number;
  /** Of STREAMINFO, in hex. */
  md5: string;
  frames: number;
}

const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const;

/**
 * For tests: decodes mono 16-bit FLAC with constant, verbatim and fixed subframes (RFC 9639), as simple as can be. Other
 * subframes are an error. CRCs are not checked.
 */
export function decodeFlac(file: Uint8Array): DecodedFlac {
  const bits = new BitReader(file);
  if (bits.read(32) !== 0x664c6143) throw new Error('no fLaC marker');
  if (bits.read(8) !== 0x80 || bits.read(24) !== 34) throw new Error('STREAMINFO is not the only block');
  bits.read(16 + 16 + 24 + 24);
  const rate = bits.read(20);
  if (bits.read(3) !== 0 || bits.read(5) !== 15) throw new Error('not mono with 16 bits');
  const total = bits.read(36);
  const md5 = Array.from({ length: 16 }, () => bits.read(8).toString(16).padStart(2, '0')).join('');
  const samples: number[] = [];
  let frames = 0;
  while (bits.byte < file.length) {
    samples.push(...readFrame(bits, frames));
    frames++;
  }
  return { rate, samples, total, md5, frames };
}

function readFrame(bits: BitReader, number: number): number[] {
  if (bits.read(16) !== 0xfff8) throw new Error('no sync code');
  const sizeCode = bits.read(4);
  if (bits.read(4) !== 5 || bits.read(8) !== 0x08) throw new Error('not 16 kHz, mono, 16 bits');
  if (readCodedNumber(bits) !== number) throw new Error('the frames are out of order');
  const size = sizeCode === 7 ? bits.read(16) + 1 : 256 << (sizeCode - 8);
  bits.read(8);
  const type = bits.read(8) >> 1;
  let samples: number[];
  if (type === 0) samples = new Array(size).fill(bits.signed(16));
  else if (type === 1) samples = Array.from({ length: size }, () => bits.signed(16));
  else samples = readFixed(bits, type - 8, size);
  bits.align();
  bits.read(16);
  return samples;
}

function readFixed(bits: BitReader, order: number, size: number): number[] {
  const factors = FIXED[order];
  if (factors === undefined) throw new Error('an unknown subframe');
  const samples = Array.from({ length: order }, () => bits.signed(16));
  if (bits.read(2) !== 0) throw new Error('an unknown coding method');
  const partitions = 1 << bits.read(4);
  for (let n = 0; n < partitions; n++) {
    const parameter = bits.read(4);
    const end = (n + 1) * (size / partitions);
    while (samples.length < end) {
      const folded = bits.unary() * 2 ** parameter + bits.read(parameter);
      const residual = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      const at = samples.length;
      samples.push(factors.reduce((sum, factor, i) => sum + factor * (samples[at - 1 - i] as number), residual));
    }
  }
  return samples;
}

function readCodedNumber(bits: BitReader): number {
  const first = bits.read(8);
  if (first < 0x80) return first;
  const more = Math.clz32(~(first << 24)) - 1;
  let value = first & (0x3f >> more);
  for (let n = 0; n < more; n++) value = value * 64 + (bits.read(8) & 0x3f);
  return value;
}
