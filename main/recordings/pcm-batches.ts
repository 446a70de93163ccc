import { BYTES_PER_SAMPLE, FRAME_BYTES, FRAMES_PER_SECOND, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { addLevel, emptyLevel, type LevelSum } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

export const BYTES_PER_SECOND = SAMPLE_RATE * BYTES_PER_SAMPLE;
/** 25 frames, half a second: two disk writes a second and turn instead of fifty. */
export const BATCH_BYTES = (FRAMES_PER_SECOND / 2) * FRAME_BYTES;
/** Two minutes of audio may wait for a disk that is full or stalled: 240 batches, 3.84 MB a turn. */
const MAX_WAITING_BATCHES = (120 * BYTES_PER_SECOND) / BATCH_BYTES;
/** As many gaps are told apart; later ones are added to the last, so that a hostile sender can't grow the list. */
export const MAX_GAPS = 1_000;
/** Emptied batches kept for the next write: one on its way to the disk, one to spare. */
const SPARE_BATCHES = 2;

interface Batch {
  bytes: Uint8Array;
  /** The same memory as samples. Every platform that Electron runs on is little-endian, as the file is. */
  samples: Int16Array;
  used: number;
}

/** What is to be appended to the file, in order. */
export type Piece = { kind: 'pcm'; batch: Batch } | { kind: 'silence'; bytes: number };

/** How many bytes a piece adds to the file. */
export function pieceBytes(piece: Piece): number {
  return piece.kind === 'pcm' ? piece.batch.used : piece.bytes;
}

/**
 * Collects lent frames into batches for the disk, and keeps account of what went by: length, gaps, level. Memory only;
 * its buffers are reused, so that a frame costs one copy and no allocation.
 */
export class PcmBatches {
  /** Bytes of audio taken in so far, silence of gaps included. */
  totalBytes = 0;
  /** Peak and energy of what was heard. The silence of gaps is not in it: it was never heard. */
  readonly level: LevelSum = emptyLevel();
  /** In samples: sums of seconds would drift away from what the file holds. */
  readonly #gaps: { at: number; length: number }[] = [];
  #filling: Batch | null = null;
  /** How far (bytes) the filling batch is in the level. */
  #measured = 0;
  #sealed: Piece[] = [];
  /** Batches sealed or on their way to the disk. */
  #waiting = 0;
  #spare: Batch[] = [];

  /** Audio that never came, in seconds from the start; a list of its own at each call. */
  get gaps(): RecordingInfo['gaps'] {
    return this.#gaps.map(({ at, length }) => ({ at_s: at / SAMPLE_RATE, seconds: length / SAMPLE_RATE }));
  }

  /** Whether `take` has something. */
  get hasSealed(): boolean {
    return this.#sealed.length > 0;
  }

  /** Whether some audio waits for its batch to be full. */
  get hasUnsealed(): boolean {
    return this.#filling !== null && this.#filling.used > 0;
  }

  /** Whether more than two minutes of audio wait for the disk. */
  get overfull(): boolean {
    return this.#waiting > MAX_WAITING_BATCHES;
  }

  /** Copies PCM16 LE in; the odd byte of a sample that was cut in two is left out. */
  write(pcm: Uint8Array): void {
    const end = pcm.length - (pcm.length % BYTES_PER_SAMPLE);
    for (let from = 0; from < end; ) {
      const batch = this.#room();
      const take = Math.min(end - from, BATCH_BYTES - batch.used);
      batch.bytes.set(take === pcm.length ? pcm : pcm.subarray(from, from + take), batch.used);
      from += take;
      this.#grow(batch, take);
    }
  }

  /** Notes audio that never came, and puts silence of its length in its place. */
  gap(samples: number): void {
    const bytes = samples * BYTES_PER_SAMPLE;
    this.#noteGap(this.totalBytes / BYTES_PER_SAMPLE, samples);
    if (bytes > BATCH_BYTES) {
      // Longer than a batch: the file grows without a byte of memory here.
      this.seal();
      const last = this.#sealed.at(-1);
      if (last?.kind === 'silence') last.bytes += bytes;
      else this.#sealed.push({ kind: 'silence', bytes });
      this.totalBytes += bytes;
      return;
    }
    for (let left = bytes; left > 0; ) {
      const batch = this.#room();
      const take = Math.min(left, BATCH_BYTES - batch.used);
      this.#measure(batch);
      batch.bytes.fill(0, batch.used, batch.used + take);
      this.#measured += take;
      left -= take;
      this.#grow(batch, take);
    }
  }

  /** Closes the batch that is being filled, however full it is. */
  seal(): void {
    const batch = this.#filling;
    if (batch === null || batch.used === 0) return;
    this.#measure(batch);
    this.#sealed.push({ kind: 'pcm', batch });
    this.#waiting++;
    this.#filling = null;
  }

  /** Hands over all that is sealed. Each piece is given back by `recycle` once it is on the disk. */
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

  /** Lets go of all audio; the account stays. */
  clear(): void {
    this.#sealed = [];
    this.#filling = null;
    this.#spare = [];
  }

  #room(): Batch {
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
