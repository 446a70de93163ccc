import type { Readable, Writable } from 'node:stream';
import type { NetworkConditions } from './network-conditions.ts';

/** Maximum number of bytes queued in one direction. Above it the source is paused, and TCP slows the sender down. */
export const MAX_QUEUED_BYTES = 256 * 1024;

interface Piece {
  /** null: the source has ended. */
  bytes: Buffer | null;
  /** Time at which to write the piece, on the monotonic clock in ms. */
  dueAt: number;
}

/** One direction of a proxied connection: copies `from` to `to` in order, subject to the conditions and faults. */
export class FaultPipe {
  readonly #from: Readable;
  readonly #to: Writable;
  readonly #conditions: NetworkConditions;
  /** Bytes forwarded. */
  forwarded = 0;
  /** Bytes read and discarded. */
  swallowed = 0;
  #queue: Piece[] = [];
  #queuedBytes = 0;
  /** Number of bytes until the end of the current piece. */
  #pieceLeft: number;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frozen = false;
  #swallowing = false;
  #stopped = false;
  #cut: { bytesLeft: number; onReached: () => void } | null = null;

  constructor(from: Readable, to: Writable, conditions: NetworkConditions) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    this.#pieceLeft = conditions.pieceBytes();
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#enqueue(null));
    to.on('drain', () => this.#updateFlow());
    this.#updateFlow();
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Stops reading and writing until `thaw` without notifying either side. */
  freeze(): void {
    this.#frozen = true;
    this.#updateFlow();
  }

  thaw(): void {
    this.#frozen = false;
    this.#updateFlow();
  }

  /** Discards all queued and later data, including the end of the stream. */
  swallow(): void {
    this.#swallowing = true;
    this.swallowed += this.#queuedBytes;
    this.#clear();
    this.#updateFlow();
  }

  /** Forwards exactly this many further bytes (0 or more), discards the rest, and calls `onReached` once. */
  cutAfter(bytes: number, onReached: () => void): void {
    if (bytes > 0) {
      this.#cut = { bytesLeft: bytes, onReached };
      return;
    }
    this.swallow();
    onReached();
  }

  /** Discards all queued data, and stops reading and writing. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  #take(chunk: Buffer): void {
    if (this.#stopped) return;
    if (this.#swallowing) {
      this.swallowed += chunk.length;
      return;
    }
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + this.#pieceLeft);
      this.#enqueue(chunk.subarray(at, end));
      this.#pieceLeft -= end - at;
      if (this.#pieceLeft === 0) this.#pieceLeft = Math.max(1, this.#conditions.pieceBytes());
      at = end;
    }
    this.#updateFlow();
  }

  #enqueue(bytes: Buffer | null): void {
    if (this.#stopped || this.#swallowing) return;
    const soonest = this.#queue.at(-1)?.dueAt ?? 0;
    const delay = bytes === null ? 0 : this.#conditions.delayMs();
    this.#queue.push({ bytes, dueAt: Math.max(soonest, performance.now() + delay) });
    this.#queuedBytes += bytes?.length ?? 0;
    this.#schedule();
  }

  /** Resumes or pauses the source. */
  #updateFlow(): void {
    if (this.#stopped) return;
    const full = this.#queuedBytes >= MAX_QUEUED_BYTES || this.#to.writableNeedDrain;
    if (this.#frozen || full) this.#from.pause();
    else this.#from.resume();
    this.#schedule();
  }

  #schedule(): void {
    const waiting = this.#immediate !== undefined || this.#timer !== undefined;
    if (waiting || this.#stopped || this.#frozen || this.#queue.length === 0 || this.#to.writableNeedDrain) return;
    const wait = (this.#queue[0]?.dueAt ?? 0) - performance.now();
    // Write one piece per turn of the event loop, because data written in the same turn arrives in one read.
    if (wait > 0) this.#timer = setTimeout(this.#pump, Math.ceil(wait));
    else this.#immediate = setImmediate(this.#pump);
  }

  readonly #pump = (): void => {
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#frozen || this.#stopped) return;
    const piece = this.#queue.shift();
    if (piece === undefined) return;
    if (piece.bytes === null) this.#to.end();
    else this.#deliver(piece.bytes);
    this.#updateFlow();
  };

  #deliver(bytes: Buffer): void {
    this.#queuedBytes -= bytes.length;
    if (this.#to.destroyed || this.#to.writableEnded) return;
    const cut = this.#cut;
    if (cut === null || bytes.length < cut.bytesLeft) {
      if (cut !== null) cut.bytesLeft -= bytes.length;
      this.forwarded += bytes.length;
      this.#to.write(bytes);
      return;
    }
    this.#cut = null;
    this.forwarded += cut.bytesLeft;
    this.swallowed += bytes.length - cut.bytesLeft;
    // Write the last bytes before the cut.
    this.#to.write(bytes.subarray(0, cut.bytesLeft), () => cut.onReached());
    this.swallow();
  }

  #clear(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = undefined;
    this.#timer = undefined;
  }
}
