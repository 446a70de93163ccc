import { BYTES_PER_SAMPLE, FRAME_BYTES, FRAMES_PER_SECOND, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { addLevel, emptyLevel, type LevelSum } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

export const BYTES_PER_SECOND = SAMPLE_RATE * BYTES_PER_SAMPLE;
/** 25 frames, 0.5 s of audio: two disk writes a second per turn instead of 50. */
export const BATCH_BYTES = (FRAMES_PER_SECOND / 2) * FRAME_BYTES;
/** Two minutes of audio may wait for a full or stalled disk: 240 batches, 3.84 MB per turn. */
const MAX_WAITING_BATCHES = (120 * BYTES_PER_SECOND) / BATCH_BYTES;
/** Limits the list of gaps against hostile senders. At the limit, later gaps extend the last one. */
export const MAX_GAPS = 1_000;
/** How many empty batches are kept for reuse. */
const SPARE_BATCHES = 2;

interface Batch {
  bytes: Uint8Array;
  /** The same memory as `bytes`. All of Electron's platforms are little-endian, like the WAV format. */
  samples: Int16Array;
  used: number;
}

/** Audio to append to the file. */
export type Piece = { kind: 'pcm'; batch: Batch } | { kind: 'silence'; bytes: number };

/** The number of bytes that a piece adds to the file. */
export function pieceBytes(piece: Piece): number {
  return piece.kind === 'pcm' ? piece.batch.used : piece.bytes;
}

/**
 * Collects frames into batches for the disk, and counts length, gaps and level. Works in memory only. Buffers are
 * reused, so a frame costs one copy and no allocation.
 */
export class PcmBatches {
  /** Bytes of audio received so far, including the silence of gaps. */
  totalBytes = 0;
  /** Peak and energy of the received audio, without the silence of gaps. */
  readonly level: LevelSum = emptyLevel();
  /** In samples, because sums of seconds would accumulate rounding errors. */
  readonly #gaps: { at: number; length: number }[] = [];
  #filling: Batch | null = null;
  /** How many bytes of `#filling` are included in `level`. */
  #measured = 0;
  #sealed: Piece[] = [];
  /** Number of batches that are sealed or being written. */
  #waiting = 0;
  #spare: Batch[] = [];

  /** Missing audio, in seconds from the start. Each call returns a new list. */
  get gaps(): RecordingInfo['gaps'] {
    return this.#gaps.map(({ at, length }) => ({ at_s: at / SAMPLE_RATE, seconds: length / SAMPLE_RATE }));
  }

  /** Whether `take` would return anything. */
  get hasSealed(): boolean {
    return this.#sealed.length > 0;
  }

  /** Whether there is audio in a batch that is not full yet. */
  get hasUnsealed(): boolean {
    return this.#filling !== null && this.#filling.used > 0;
  }

  /** Whether more than two minutes of audio wait for the disk. */
  get overfull(): boolean {
    return this.#waiting > MAX_WAITING_BATCHES;
  }

  /** Copies PCM16 LE. An odd last byte is dropped. */
  write(pcm: Uint8Array): void {
    const end = pcm.length - (pcm.length % BYTES_PER_SAMPLE);
    for (let from = 0; from < end; ) {
      const batch = this.#currentBatch();
      const take = Math.min(end - from, BATCH_BYTES - batch.used);
      batch.bytes.set(take === pcm.length ? pcm : pcm.subarray(from, from + take), batch.used);
      from += take;
      this.#grow(batch, take);
    }
  }

  /** Records missing audio and inserts silence of the same length. */
  gap(samples: number): void {
    const bytes = samples * BYTES_PER_SAMPLE;
    this.#noteGap(this.totalBytes / BYTES_PER_SAMPLE, samples);
    if (bytes > BATCH_BYTES) {
      // Longer than a batch: a silence piece extends the file without using memory here.
      this.seal();
      const last = this.#sealed.at(-1);
      if (last?.kind === 'silence') last.bytes += bytes;
      else this.#sealed.push({ kind: 'silence', bytes });
      this.totalBytes += bytes;
      return;
    }
    for (let left = bytes; left > 0; ) {
      const batch = this.#currentBatch();
      const take = Math.min(left, BATCH_BYTES - batch.used);
      this.#measure(batch);
      batch.bytes.fill(0, batch.used, batch.used + take);
      this.#measured += take;
      left -= take;
      this.#grow(batch, take);
    }
  }

  /** Closes the current batch even if it is not full. */
  seal(): void {
    const batch = this.#filling;
    if (batch === null || batch.used === 0) return;
    this.#measure(batch);
    this.#sealed.push({ kind: 'pcm', batch });
    this.#waiting++;
    this.#filling = null;
  }

  /** Returns all sealed pieces. The caller passes each one to `recycle` once it is written. */
  take(): Piece[] {
    const pieces = this.#sealed;
    if (pieces.length > 0) this.#sealed = [];
    return pieces;
  }

  recycle(piece: Piece): void {
    if (piece.kind === 'silence') return;
    this.#waiting--;
    if (this.#spare.length < SPARE_BATCHES) this.#spare.push(piece.batch);
  }

  /** Drops all audio. Length, gaps and level stay. */
  clear(): void {
    this.#sealed = [];
    this.#filling = null;
    this.#spare = [];
  }

  #currentBatch(): Batch {
    if (this.#filling === null) {
      this.#filling = this.#spare.pop() ?? newBatch();
      this.#filling.used = 0;
      this.#measured = 0;
    }
    return this.#filling;
  }

  #grow(batch: Batch, bytes: number): void {
    batch.used += bytes;
    this.totalBytes += bytes;
    if (batch.used === BATCH_BYTES) this.seal();
  }

  #measure(batch: Batch): void {
    if (this.#measured === batch.used) return;
    addLevel(this.level, batch.samples.subarray(this.#measured / BYTES_PER_SAMPLE, batch.used / BYTES_PER_SAMPLE));
    this.#measured = batch.used;
  }

  #noteGap(at: number, length: number): void {
    const last = this.#gaps.at(-1);
    const adjoins = last !== undefined && last.at + last.length === at;
    if (last !== undefined && (adjoins || this.#gaps.length >= MAX_GAPS)) last.length += length;
    else this.#gaps.push({ at, length });
  }
}

function newBatch(): Batch {
  const memory = new ArrayBuffer(BATCH_BYTES);
  return { bytes: new Uint8Array(memory), samples: new Int16Array(memory), used: 0 };
}
