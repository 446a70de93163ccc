/** Bytes that are collected before they become a Blob. */
const PART_BYTES = 1024 * 1024;

/** Collects a file in Blobs of 1 MiB, which the browser may keep outside of the page's memory. */
export class BlobParts {
  readonly #parts: Blob[] = [];
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;

  /** @param bytes must not change afterwards */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= PART_BYTES) this.#close();
  }

  /** @param header bytes for the start of the file */
  toBlob(type: string, header: Uint8Array<ArrayBuffer> = new Uint8Array(0)): Blob {
    this.#close();
    return new Blob([header, ...this.#parts], { type });
  }

  #close(): void {
    if (this.#waitingBytes === 0) return;
    this.#parts.push(new Blob(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
