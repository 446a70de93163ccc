import type { Readable, Writable } from 'node:stream';
import type { NetworkConditions } from './network-conditions.ts';

/** Maximum number of bytes queued in one direction; above it the source is paused and TCP slows the sender down. */
export const MAX_QUEUED_BYTES = 256 * 1024;

interface Piece {
  /** null: the source has ended. */
  bytes: Buffer | null;
  /** On the monotonic clock, in ms. */
  dueAt: number;
}

/** One direction of a proxied connection: copies `from` to `to` in order, subject to the conditions and faults. */
export class FaultPipe {
  readonly #from: Readable;
  readonly #to: Writable;
  readonly #conditions: NetworkConditions;
  /** Bytes forwarded; `swallowed`: bytes read and discarded. */
  forwarded = 0;
  swallowed = 0;
  #queue: Piece[] = [];
  #queuedBytes = 0;
  /** Bytes until the next cut of the stream into pieces. */
  #pieceLeft: number;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frozen = false;
  #swallowing = false;
  #stopped = false;
  #wire: { left: number; spring: () => void } | null = null;

  constructor(from: Readable, to: Writable, conditions: NetworkConditions) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    this.#pieceLeft = conditions.pieceBytes();
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#enqueue(null));
    to.on('drain', () => this.#flow());
    this.#flow();
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Stops reading and writing until `thaw` without notifying either side. */
  freeze(): void {
    this.#frozen = true;
    this.#flow();
  }

  thaw(): void {
    this.#frozen = false;
    this.#flow();
  }

  /** Discards all queued and future data, including the end of the stream. */
  swallow(): void {
    this.#swallowing = true;
    this.swallowed += this.#queuedBytes;
    this.#clear();
    this.#flow();
  }

  /** Hands on exactly this many bytes (0 or more), throws the rest away, and calls `spring`, once. */
  cutAfter(bytes: number, spring: () => void): void {
    if (bytes > 0) {
      this.#wire = { left: bytes, spring };
      return;
    }
    this.swallow();
    spring();
  }

  /** Lets go of everything that waits; nothing is read or written any more. */
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
    this.#flow();
  }

  #enqueue(bytes: Buffer | null): void {
    if (this.#stopped || this.#swallowing) return;
    const soonest = this.#queue.at(-1)?.dueAt ?? 0;
    const delay = bytes === null ? 0 : this.#conditions.delayMs();
    this.#queue.push({ bytes, dueAt: Math.max(soonest, performance.now() + delay) });
    this.#queuedBytes += bytes?.length ?? 0;
    this.#schedule();
  }

  /** Reads on, or holds the source back. */
  #flow(): void {
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
    // One piece a turn of the event loop: what is written in one turn arrives in one read.
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
    this.#flow();
  };

  #deliver(bytes: Buffer): void {
    this.#queuedBytes -= bytes.length;
    if (this.#to.destroyed || this.#to.writableEnded) return;
    const wire = this.#wire;
    if (wire === null || bytes.length < wire.left) {
      if (wire !== null) wire.left -= bytes.length;
      this.forwarded += bytes.length;
      this.#to.write(bytes);
      return;
    }
    this.#wire = null;
    this.forwarded += wire.left;
    this.swallowed += bytes.length - wire.left;
    // What was allowed through has left before anything is cut.
    this.#to.write(bytes.subarray(0, wire.left), () => wire.spring());
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
