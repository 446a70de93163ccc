import { damaged, exportFailed, unreadable } from '../audio-file-error.ts';

/** Bytes that are read in parts: a file of the user, or a recording of the host. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Reads bytes `start` to before `end`, both within the size.
   * @throws {AudioFileError} if they can't be read
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file that the user chose. Reading fails with `import_unreadable`, for example when it was removed meanwhile. */
export function fileSource(file: Blob): ByteSource {
  return {
    size: file.size,
    async read(start, end) {
      try {
        return new Uint8Array(await file.slice(start, end).arrayBuffer());
      } catch (cause) {
        throw unreadable(cause);
      }
    },
  };
}

/**
 * A recording, by its signed URL (`getRecordingUrl`). Reads byte ranges.
 * @throws {AudioFileError} `export_failed` if the host does not serve it
 */
export async function recordingSource(url: string): Promise<ByteSource> {
  async function range(start: number, end: number): Promise<Response> {
    try {
      const response = await fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` }, cache: 'no-store' });
      if (response.status !== 206) throw new Error(`the host answered ${response.status}`);
      return response;
    } catch (cause) {
      throw exportFailed(cause);
    }
  }
  const first = await range(0, 1);
  await first.arrayBuffer();
  const size = Number(/\/(\d+)$/.exec(first.headers.get('Content-Range') ?? '')?.[1]);
  if (!Number.isSafeInteger(size)) throw exportFailed(new Error('the host did not say how long the recording is'));
  return {
    size,
    async read(start, end) {
      const response = await range(start, end);
      try {
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (bytes.length !== end - start) throw new Error('the recording became shorter while it was read');
        return bytes;
      } catch (cause) {
        throw exportFailed(cause);
      }
    },
  };
}

/** Bytes read from a source at once. */
const READ_BYTES = 256 * 1024;

/** Reads a source from its start to its end, in order, through a buffer. */
export class ByteReader {
  readonly #source: ByteSource;
  #buffer = new Uint8Array(0);
  /** Index in the buffer of the next byte. */
  #at = 0;
  /** Position in the source of the byte after the buffer. */
  #end = 0;

  constructor(source: ByteSource, start = 0) {
    this.#source = source;
    this.#end = Math.min(start, source.size);
  }

  /** Position of the next byte in the source. */
  get position(): number {
    return this.#end - (this.#buffer.length - this.#at);
  }

  /** Bytes from here to the end of the source. */
  get left(): number {
    return this.#source.size - this.position;
  }

  /**
   * The next bytes, without moving on. A view, valid until the next call.
   * @returns fewer than `length` only at the end of the source
   */
  async peek(length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#buffer.length - this.#at < length && this.#end < this.#source.size) {
      const until = Math.min(this.#source.size, this.#end + Math.max(READ_BYTES, length));
      const more = await this.#source.read(this.#end, until);
      if (more.length !== until - this.#end) throw unreadable(new Error('the file became shorter'));
      const rest = this.#buffer.subarray(this.#at);
      const joined = new Uint8Array(rest.length + more.length);
      joined.set(rest);
      joined.set(more, rest.length);
      this.#buffer = joined;
      this.#at = 0;
      this.#end = until;
    }
    return this.#buffer.subarray(this.#at, this.#at + length);
  }

  /**
   * The next bytes as a copy; moves behind them.
   * @throws {AudioFileError} `import_damaged` if the source ends before
   */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.peek(length);
    if (bytes.length < length) throw damaged();
    this.skip(length);
    return bytes.slice();
  }

  /** Moves on, at most to the end of the source. Bytes that are not in the buffer are not read. */
  skip(length: number): void {
    const buffered = this.#buffer.length - this.#at;
    if (length <= buffered) {
      this.#at += length;
      return;
    }
    this.#end = Math.min(this.#source.size, this.#end + length - buffered);
    this.#buffer = new Uint8Array(0);
    this.#at = 0;
  }
}

/** The text of bytes in ASCII, for the names of chunks and tags. */
export function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

/** A view of the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
