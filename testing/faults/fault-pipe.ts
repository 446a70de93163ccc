import type { Readable, Writable } from 'node:stream';
import type { NetworkConditions } from './network-conditions.ts';

/** So many bytes wait in one direction; then its source is read no further, and TCP holds the sender back. */
export const MAX_QUEUED_BYTES = 256 * 1024;

interface Piece {
  /** null: the source has ended. */
  bytes: Buffer | null;
  /** On the steady clock, in ms. */
  dueAt: number;
}

/** One direction of a proxied connection: reads `from`, writes `to`, in order, as the weather and the faults will have it. */
export class FaultPipe {
  /** Bytes that were handed on, and bytes that were read and thrown away. */
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

  constructor(
    private readonly from: Readable,
    private readonly to: Writable,
    private readonly weather: NetworkConditions,
  ) {
    this.#pieceLeft = weather.pieceBytes();
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#enqueue(null));
    to.on('drain', () => this.#flow());
    this.#flow();
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Hands nothing on and reads nothing until `thaw`; neither side is told. */
  freeze(): void {
    this.#frozen = true;
    this.#flow();
  }

  thaw(): void {
    this.#frozen = false;
    this.#flow();
  }

  /** From now on nothing arrives, the end of the stream neither; what is on its way is lost, too. */
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
      if (this.#pieceLeft === 0) this.#pieceLeft = Math.max(1, this.weather.pieceBytes());
      at = end;
    }
    this.#flow();
  }

  #enqueue(bytes: Buffer | null): void {
    if (this.#stopped || this.#swallowing) return;
    const soonest = this.#queue.at(-1)?.dueAt ?? 0;
    const delay = bytes === null ? 0 : this.weather.delayMs();
    this.#queue.push({ bytes, dueAt: Math.max(soonest, performance.now() + delay) });
    this.#queuedBytes += bytes?.length ?? 0;
    this.#schedule();
  }

  /** Reads on, or holds the source back. */
  #flow(): void {
    if (this.#stopped) return;
    const full = this.#queuedBytes >= MAX_QUEUED_BYTES || this.to.writableNeedDrain;
    if (this.#frozen || full) this.from.pause();
    else this.from.resume();
    this.#schedule();
  }

  #schedule(): void {
    const waiting = this.#immediate !== undefined || this.#timer !== undefined;
    if (waiting || this.#stopped || this.#frozen || this.#queue.length === 0 || this.to.writableNeedDrain) return;
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
    if (piece.bytes === null) this.to.end();
    else this.#deliver(piece.bytes);
    this.#flow();
  };

  #deliver(bytes: Buffer): void {
    this.#queuedBytes -= bytes.length;
    if (this.to.destroyed || this.to.writableEnded) return;
    const wire = this.#wire;
    if (wire === null || bytes.length < wire.left) {
      if (wire !== null) wire.left -= bytes.length;
      this.forwarded += bytes.length;
      this.to.write(bytes);
      return;
    }
    this.#wire = null;
    this.forwarded += wire.left;
    this.swallowed += bytes.length - wire.left;
    // What was allowed through has left before anything is cut.
    this.to.write(bytes.subarray(0, wire.left), () => wire.spring());
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
