/** Writes numbers of any width, most significant bit first, into bytes that grow as needed. */
export class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  /** Bits that do not fill a byte yet, in the low `#pending` bits. */
  #bits = 0;
  #pending = 0;

  constructor(capacity = 16_384) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** @param width 0 to 24 bits; higher bits of `value` are ignored */
  write(value: number, width: number): void {
    this.#bits = (this.#bits << width) | (value & ((1 << width) - 1));
    this.#pending += width;
    while (this.#pending >= 8) {
      this.#pending -= 8;
      this.#push((this.#bits >>> this.#pending) & 0xff);
    }
    this.#bits &= (1 << this.#pending) - 1;
  }

  /** Writes `count` zeros, then a one. */
  writeUnary(count: number): void {
    let left = count;
    for (; left >= 16; left -= 16) this.write(0, 16);
    this.write(1, left + 1);
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.#pending > 0) this.write(0, 8 - this.#pending);
  }

  /** The bytes so far, without bits that do not fill one. A view, valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Starts again with no bits. */
  clear(): void {
    this.#length = this.#bits = this.#pending = 0;
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
