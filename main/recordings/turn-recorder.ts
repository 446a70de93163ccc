import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Disk } from './disk.ts';
import { BYTES_PER_SECOND, PcmBatches } from './pcm-batches.ts';
import { recordingId } from './recording-id.ts';
import { type TurnFacts, TurnFile } from './turn-file.ts';

/** Audio waits at most this long (ms) for its batch to be full before it goes to the disk. */
const FLUSH_MS = 500;
/** The JSON beside an unfinished recording is renewed after its first second and then after this much audio; the WAV's own header is always newer. */
const INFO_EVERY_BYTES = 5 * BYTES_PER_SECOND;

/** A turn as the voice server announces it. */
export interface TurnStart {
  sessionId: string;
  userId: string;
  /** Which turn of the session, from 1. */
  turn: number;
  startedAt: Date;
}

export interface TurnRecorderOptions {
  dir: string;
  disk: Disk;
  /** Most bytes of samples in the file. */
  maxDataBytes: number;
  /** This launch of the host, for the JSON of the unfinished recording. */
  writer: string | undefined;
  onProblem: (error: EarshotError) => void;
}

/**
 * Brings one turn to the disk while it is spoken, without ever holding up whoever speaks.
 *
 *   write, gap ──> batches ──(one full, or 500 ms old)──> pump ──> TurnFile: append, count
 *                                                        finish ──> TurnFile: complete
 *
 * One pump runs at a time, so writes never overlap. After a failure everything that comes in is ignored.
 */
export class TurnRecorder {
  readonly #turn: TurnStart;
  readonly #options: TurnRecorderOptions;
  readonly #batches = new PcmBatches();
  #file: TurnFile | null = null;
  /** `dataBytes` at the last JSON. */
  #describedAt = 0;
  #pumping = false;
  #pumped: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #accepting = true;
  #stalled = false;
  #closed = false;
  #failure: EarshotError | null = null;
  #end: Promise<RecordingInfo | null> | null = null;

  constructor(turn: TurnStart, options: TurnRecorderOptions) {
    this.#turn = turn;
    this.#options = options;
  }

  /** Copies PCM16 LE, mono, 16 kHz. Never throws, never waits. */
  write(pcm: Uint8Array): void {
    if (pcm.length < BYTES_PER_SAMPLE || !this.#accepts(pcm.length)) return;
    this.#batches.write(pcm);
    this.#afterInput();
  }

  /** Silence in the place of this many samples that never came. */
  gap(samples: number): void {
    if (!(samples >= 1) || !this.#accepts(samples * BYTES_PER_SAMPLE)) return;
    this.#batches.gap(Math.floor(samples));
    this.#afterInput();
  }

  /**
   * Ends the recording; a second call gives the same answer.
   * @returns what was saved, or null where nothing came (then there is no file either)
   * @throws {EarshotError} `recording_failed` or `recording_too_long`; what was written stays readable
   */
  finish(): Promise<RecordingInfo | null> {
    this.#end ??= this.#finish();
    return this.#end;
  }

  #accepts(bytes: number): boolean {
    if (!this.#accepting) return false;
    if (this.#batches.totalBytes + bytes <= this.#options.maxDataBytes) return true;
    const hours = Math.floor(this.#options.maxDataBytes / BYTES_PER_SECOND / 3600);
    // What came before still goes to the disk: this only stops the growth.
    this.#fail(
      new EarshotError(
        'recording_too_long',
        `A recording ends after ${hours} hours: a WAV file holds no more. Press the mic to start a new one.`,
      ),
    );
    return false;
  }

  #afterInput(): void {
    if (this.#batches.overfull) {
      this.#stalled = true;
      this.#fail(new Error('the disk has not answered for a minute of audio'));
      this.#batches.clear();
    } else if (this.#batches.hasSealed || (this.#file === null && !this.#pumping)) {
      // The first sample makes the file at once, so that a folder that can't be written is known at once.
      this.#pump();
    }
    if (this.#batches.hasUnsealed) this.#armTimer();
  }

  #armTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#batches.seal();
      this.#pump();
    }, FLUSH_MS).unref();
  }

  #disarmTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Brings all that is sealed to the disk. Never rejects: a failure is kept for `finish`. */
  #pump(): Promise<void> {
    this.#disarmTimer();
    if (!this.#pumping && !this.#closed) {
      this.#pumping = true;
      this.#pumped = this.#run();
    }
    return this.#pumped;
  }

  async #run(): Promise<void> {
    try {
      this.#file ??= await this.#create();
      // The last, empty `take` and the end of the pump are one step: nothing can be sealed unseen between them.
      for (let pieces = this.#batches.take(); pieces.length > 0; pieces = this.#batches.take()) {
        await this.#file.append(pieces, (piece) => this.#batches.recycle(piece));
        const every = this.#describedAt === 0 ? BYTES_PER_SECOND : INFO_EVERY_BYTES;
        if (this.#file.dataBytes - this.#describedAt >= every) await this.#describe(this.#file);
      }
      if (this.#stalled) await this.#salvage();
    } catch (error) {
      this.#fail(error);
      this.#batches.clear();
      await this.#salvage();
    }
    this.#pumping = false;
  }

  async #create(): Promise<TurnFile> {
    this.#file = await TurnFile.create(this.#options.disk, this.#options.dir, recordingId(this.#turn));
    await this.#describe(this.#file);
    return this.#file;
  }

  async #describe(file: TurnFile): Promise<void> {
    this.#describedAt = file.dataBytes;
    await file.describe(this.#facts());
  }

  #facts(): TurnFacts {
    const { level, gaps } = this.#batches;
    return {
      session_id: this.#turn.sessionId,
      user_id: this.#turn.userId,
      turn: this.#turn.turn,
      started_at: this.#turn.startedAt.toISOString(),
      gaps,
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      writer: this.#options.writer,
    };
  }

  async #finish(): Promise<RecordingInfo | null> {
    this.#accepting = false;
    this.#disarmTimer();
    // A disk that does not answer must not hold up the end of a session; the pump closes the file when it does.
    if (this.#stalled && this.#failure !== null) throw this.#failure;
    if (this.#batches.totalBytes > 0) {
      this.#batches.seal();
      await this.#pump();
    }
    if (this.#failure === null && this.#file === null) return null;
    try {
      if (this.#failure !== null || this.#file === null) throw this.#failure;
      const info = await this.#file.complete(this.#facts());
      this.#closed = true;
      return info;
    } catch (error) {
      this.#fail(error);
      await this.#salvage();
      throw this.#failure;
    }
  }

  async #salvage(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file?.salvage(this.#facts());
  }

  /** Stops taking audio in. Only the first failure is kept and said. */
  #fail(cause: unknown): void {
    this.#accepting = false;
    this.#disarmTimer();
    if (this.#failure !== null) return;
    this.#failure = cause instanceof EarshotError ? cause : recordingFailed(this.#options.dir, cause);
    try {
      this.#options.onProblem(this.#failure);
    } catch {
      // Whoever listens to problems must not break the hot path that found one.
    }
  }
}

function recordingFailed(dir: string, cause: unknown): EarshotError {
  return new EarshotError(
    'recording_failed',
    `The recording could not be written (${describeError(cause)}). Check the free space and the rights of the folder ` +
      `${dir}, then press the mic again. What had reached the disk stays readable.`,
    { cause },
  );
}
