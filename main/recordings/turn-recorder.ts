import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import type { EarshotError } from '../../shared/errors.ts';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { MIN_RECORDING_MS, type RecordingInfo } from '../../shared/recording.ts';
import { HostError } from '../text/host-error.ts';
import { DescriptionWriter } from './description-writer.ts';
import { discardRecording } from './discard-recording.ts';
import type { Disk } from './disk.ts';
import { descriptionMissing, isTransient, recordingDelayed, recordingFailed, retryDelay } from './disk-errors.ts';
import { MicrophoneTimeline } from './microphone-timeline.ts';
import { PauseList } from './pause-list.ts';
import { BYTES_PER_SECOND, PcmBatches, type Piece } from './pcm-batches.ts';
import { createRecordingId } from './recording-id.ts';
import { type TurnFacts, TurnFile } from './turn-file.ts';

/** A batch that is not full is written after this time (ms). */
const FLUSH_MS = 500;
/**
 * The JSON of an unfinished recording is rewritten after 1 s of audio and then every 5 s. The WAV header is always
 * newer.
 */
const DESCRIPTION_INTERVAL_BYTES = 5 * BYTES_PER_SECOND;
/** After a failed write of the JSON, the next attempt follows after this much audio. */
const DESCRIPTION_RETRY_BYTES = BYTES_PER_SECOND;
/**
 * How often per recording a microphone change or a pause rewrites the JSON immediately. Later changes wait for the next
 * regular write.
 */
const MAX_NOTE_WRITES = 200;
/** A stopped turn with fewer bytes of samples is too short to be saved. */
const MIN_BYTES = (MIN_RECORDING_MS / 1000) * BYTES_PER_SECOND;
/** `finish` waits this long (ms) for a disk that accepts no writes. */
const FINISH_LIMIT_MS = 120_000;
/** `finish` waits this long (ms) for the JSON. */
const DESCRIPTION_LIMIT_MS = 10_000;

/** How a turn ended, as reported by the voice server. */
export type TurnEnding = 'stopped' | 'interrupted';

/** The start of a turn, as reported by the voice server. */
export interface TurnStart {
  sessionId: string;
  userId: string;
  /** Number of the turn within its session, from 1. */
  turn: number;
  startedAt: Date;
}

export interface TurnRecorderOptions {
  dir: string;
  disk: Disk;
  /** Maximum number of bytes of samples in the file. */
  maxDataBytes: number;
  /** Position in the list of recordings, if it differs from the start time; see `RecordingInfo`. */
  orderedAt: Date | null;
  /** The name of this launch, for the JSON of the unfinished recording. */
  writer: string | undefined;
  /** The recording has ended before its turn did. Called once. */
  onProblem: (error: EarshotError) => void;
  /** The audio is saved, but its JSON could not be written. */
  onDescriptionMissing: (error: EarshotError) => void;
  /** The disk accepts no writes at the moment and audio is kept in memory; null: all of it has been written. */
  onDelay: (error: EarshotError | null) => void;
  /** Whether to save a turn that was stopped before `MIN_RECORDING_MS` of audio. Called at the end of the turn. */
  keepShortRecordings: () => boolean;
  /** The turn was too short and its files have been removed. */
  onDiscarded: (duration_s: number) => void;
}

/**
 * Writes one turn to disk while it is recorded, without ever blocking the sender.
 *
 *   write, gap ──> batches ──(one full, or 500 ms old)──> pump ──> TurnFile: append, count
 *                     ▲                                     │
 *                     └── kept in memory, retried ◀─────────┘ a failed write
 *
 * Only one pump runs at a time, so writes never overlap. A failed write is retried until two minutes of audio are
 * waiting; then the recording ends. Failed writes of the JSON never end a recording.
 */
export class TurnRecorder {
  /** The base name of the recording's files. */
  readonly id: string;
  readonly #turn: TurnStart;
  readonly #options: TurnRecorderOptions;
  readonly #batches = new PcmBatches();
  readonly #microphone = new MicrophoneTimeline();
  readonly #pauses = new PauseList();
  /** How often a microphone change or a pause has rewritten the JSON. */
  #noteWrites = 0;
  /** Taken from the batches but not written yet. */
  readonly #pending: Piece[] = [];
  #file: TurnFile | null = null;
  #description: DescriptionWriter | null = null;
  /** `dataBytes` at the last attempt to write the JSON. */
  #describedBytes = 0;
  #pumping = false;
  #pumped: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #accepting = true;
  /** The last failure of a write that is being retried. */
  #retry: { cause: unknown; failures: number } | null = null;
  /** Ends the pause before the next attempt. */
  #retryNow: (() => void) | null = null;
  /** All audio has arrived and the rest is being written. */
  #finishing = false;
  #synced = false;
  #closed = false;
  /** The turn was too short: remaining audio is not written. */
  #discarding = false;
  #failure: EarshotError | null = null;
  /** Makes `finish` stop waiting for the disk. */
  #stopWaiting: (() => void) | null = null;
  #end: Promise<RecordingInfo | null> | null = null;

  constructor(turn: TurnStart, options: TurnRecorderOptions) {
    this.#turn = turn;
    this.#options = options;
    this.id = createRecordingId(turn);
  }

  /**
   * Copies PCM16 LE, mono, 16 kHz. Never throws or blocks.
   * @returns false if the recording has ended: this audio and all later audio is dropped
   */
  write(pcm: Uint8Array): boolean {
    if (!this.#accepts(pcm.length)) return false;
    if (pcm.length < BYTES_PER_SAMPLE) return true;
    this.#batches.write(pcm);
    return this.#afterInput();
  }

  /**
   * Inserts silence for this many missing samples.
   * @returns as `write`
   */
  gap(samples: number): boolean {
    if (!(samples >= 1)) return this.#accepting;
    if (!this.#accepts(samples * BYTES_PER_SAMPLE)) return false;
    this.#batches.gap(Math.floor(samples));
    return this.#afterInput();
  }

  /**
   * Records the state of the microphone.
   * @param samples the state begins this many samples after the last one received
   */
  microphone(samples: number, state: MicrophoneState): void {
    if (!this.#accepting) return;
    this.#microphone.add(this.#batches.totalBytes / BYTES_PER_SAMPLE + samples, state);
    this.#describeNote();
  }

  /**
   * Records a pause by the user.
   * @param samples the pause is this many samples after the last one received
   * @param seconds its length; null: the turn is paused now
   */
  pause(samples: number, seconds: number | null): void {
    if (!this.#accepting) return;
    this.#pauses.add(this.#batches.totalBytes / BYTES_PER_SAMPLE + samples, seconds);
    if (seconds !== null) this.#describeNote();
  }

  /**
   * Ends the recording. Waits up to two minutes for a disk that accepts no writes. A second call returns the same
   * promise.
   * @returns the saved recording; null, with no file left, if no audio arrived or a stopped turn was too short
   * @throws {EarshotError} `disk_full`, `recording_failed`, `recording_changed` or `recording_too_long`; audio that was
   *   written stays readable
   */
  finish(ending: TurnEnding = 'interrupted'): Promise<RecordingInfo | null> {
    this.#end ??= this.#finish(ending);
    return this.#end;
  }

  /** Call when the app ends: fails the recording immediately if writes are being retried. */
  abandonRetries(): void {
    if (this.#retry !== null) this.#fail(this.#retry.cause);
  }

  /**
   * Writes the JSON at once, since no audio may follow for a while. The limit keeps a hostile sender from causing a
   * write per message.
   */
  #describeNote(): void {
    if (this.#file !== null && this.#noteWrites++ < MAX_NOTE_WRITES) this.#describe(this.#file);
  }

  #accepts(bytes: number): boolean {
    if (!this.#accepting) return false;
    if (this.#batches.totalBytes + bytes <= this.#options.maxDataBytes) return true;
    const hours = Math.floor(this.#options.maxDataBytes / BYTES_PER_SECOND / 3600);
    // Earlier audio is still written; `#fail` only stops new audio.
    this.#fail(new HostError('recording_too_long', ({ recordingTooLong }) => recordingTooLong({ hours })));
    return false;
  }

  #afterInput(): boolean {
    if (this.#batches.overfull) {
      this.#fail(this.#retry?.cause ?? new Error('the disk has not answered for two minutes of audio'));
      return false;
    }
    // The first sample creates the file, so that an unwritable folder is reported immediately.
    if (this.#batches.hasSealed || (this.#file === null && !this.#pumping)) void this.#pump();
    if (this.#batches.hasUnsealed) this.#startFlushTimer();
    return true;
  }

  #startFlushTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#batches.seal();
      void this.#pump();
    }, FLUSH_MS).unref();
  }

  #stopFlushTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Writes all sealed batches. Never rejects: `finish` reports the failure. */
  #pump(): Promise<void> {
    this.#stopFlushTimer();
    if (!this.#pumping && !this.#closed) {
      this.#pumping = true;
      this.#pumped = this.#run();
    }
    return this.#pumped;
  }

  async #run(): Promise<void> {
    // `#pumping` is cleared in the same tick as the last check, so no batch can be sealed unnoticed in between.
    while (this.#hasWork()) {
      try {
        await this.#step();
        this.#setRetry(null);
      } catch (error) {
        if (!isTransient(error)) this.#fail(error);
        if (this.#mustStopWriting() || this.#discarding) break;
        this.#setRetry({ cause: error, failures: (this.#retry?.failures ?? 0) + 1 });
        await this.#pause(retryDelay(this.#retry?.failures ?? 1));
      }
    }
    if (this.#mustStopWriting()) await this.#salvage();
    this.#pumping = false;
  }

  #hasWork(): boolean {
    if (this.#mustStopWriting() || this.#discarding) return false;
    if (this.#file === null || this.#pending.length > 0 || this.#batches.hasSealed) return true;
    return this.#finishing && !this.#synced && this.#failure === null;
  }

  /** Whether to stop writing. A recording that became too long is still finished. */
  #mustStopWriting(): boolean {
    return this.#failure !== null && this.#failure.code !== 'recording_too_long';
  }

  async #step(): Promise<void> {
    this.#file ??= await this.#create();
    const file = this.#file;
    this.#pending.push(...this.#batches.take());
    await file.append(this.#pending, (piece) => this.#batches.recycle(piece));
    if (this.#finishing && !this.#batches.hasSealed) {
      await file.sync();
      this.#synced = true;
    } else if (this.#isDescriptionDue(file)) {
      this.#describe(file);
    }
  }

  async #create(): Promise<TurnFile> {
    const file = await TurnFile.create(this.#options.disk, this.#options.dir, this.id);
    this.#description = new DescriptionWriter((info) => file.describe(info));
    this.#describe(file);
    return file;
  }

  #isDescriptionDue(file: TurnFile): boolean {
    const since = file.dataBytes - this.#describedBytes;
    if (this.#description?.isBehind) return since >= DESCRIPTION_RETRY_BYTES;
    return since >= (this.#describedBytes === 0 ? BYTES_PER_SECOND : DESCRIPTION_INTERVAL_BYTES);
  }

  #describe(file: TurnFile): void {
    this.#describedBytes = file.dataBytes;
    this.#description?.update(file.info(this.#facts()));
  }

  #facts(): TurnFacts {
    const { level, gaps } = this.#batches;
    return {
      session_id: this.#turn.sessionId,
      user_id: this.#turn.userId,
      turn: this.#turn.turn,
      started_at: this.#turn.startedAt.toISOString(),
      ...(this.#options.orderedAt === null ? {} : { ordered_at: this.#options.orderedAt.toISOString() }),
      gaps,
      ...this.#microphone.facts,
      ...this.#pauses.facts,
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      writer: this.#options.writer,
      ...(this.#failure === null ? {} : { ended_early: this.#failure.code }),
    };
  }

  async #finish(ending: TurnEnding): Promise<RecordingInfo | null> {
    this.#accepting = false;
    this.#stopFlushTimer();
    if (this.#batches.totalBytes === 0 && this.#failure === null) return null;
    if (ending === 'stopped' && this.#isTooShort() && (await this.#discard())) return null;
    this.#finishing = true;
    this.#batches.seal();
    await this.#drain();
    if (this.#failure === null && this.#file !== null) return this.#complete(this.#file);
    // If the pump still waits for the disk, it closes the file itself later. The end of the session must not wait for
    // that.
    if (!this.#pumping) await this.#salvage();
    throw this.#failure ?? recordingFailed(this.#options.dir, new Error('it has no file'));
  }

  /** Whether to discard a stopped turn. A turn with gaps is kept: the user spoke longer than the audio shows. */
  #isTooShort(): boolean {
    if (this.#failure !== null || this.#batches.gaps.length > 0) return false;
    return this.#batches.totalBytes < MIN_BYTES && !this.#options.keepShortRecordings();
  }

  /** @returns false if the files could not be removed: the recording is then finished like any other */
  async #discard(): Promise<boolean> {
    this.#discarding = true;
    await this.#drain();
    this.#discarding = false;
    if (this.#failure !== null) return false;
    const end =
      this.#file === null ? 'removed' : await discardRecording(this.#file, this.#description, DESCRIPTION_LIMIT_MS);
    if (end === 'kept') return false;
    // The file may be gone, so nothing more is written to it.
    this.#closed = true;
    // `onDelay(null)` is not called, because nothing was written.
    this.#retry = null;
    this.#pending.length = 0;
    this.#batches.clear();
    if (end === 'no answer') {
      this.#fail(new Error('the disk does not answer'));
      return false;
    }
    this.#notify(() => this.#options.onDiscarded(this.#batches.totalBytes / BYTES_PER_SECOND));
    return true;
  }

  /** Resolves when all audio is on disk or the recording has failed, after two minutes at the latest. */
  async #drain(): Promise<void> {
    const limit = setTimeout(
      () => this.#fail(this.#retry?.cause ?? new Error('the disk does not answer')),
      FINISH_LIMIT_MS,
    );
    try {
      await new Promise<void>((resolve) => {
        this.#stopWaiting = resolve;
        if (this.#mustStopWriting()) resolve();
        this.#retryNow?.();
        void this.#pump().then(resolve);
      });
    } finally {
      clearTimeout(limit);
    }
  }

  async #complete(file: TurnFile): Promise<RecordingInfo> {
    this.#closed = true;
    const info = file.info(this.#facts(), true);
    const failure = await this.#description?.finish(info, DESCRIPTION_LIMIT_MS);
    if (failure) this.#notify(() => this.#options.onDescriptionMissing(descriptionMissing(this.#options.dir, failure)));
    await file.close();
    return info;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#retryNow = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#retryNow = done;
    });
  }

  async #salvage(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending.length = 0;
    this.#batches.clear();
    const file = this.#file;
    if (file === null) return;
    await file.salvage();
    // If this fails, the next start rebuilds the description from the audio.
    await this.#description?.finish(file.info(this.#facts()), 0);
  }

  #setRetry(retry: { cause: unknown; failures: number } | null): void {
    const began = retry !== null && this.#retry === null;
    const ended = retry === null && this.#retry !== null;
    this.#retry = retry;
    if (began) this.#notify(() => this.#options.onDelay(recordingDelayed(this.#options.dir, retry.cause)));
    if (ended) this.#notify(() => this.#options.onDelay(null));
  }

  /** Stops accepting audio. Only the first failure is kept and reported. */
  #fail(cause: unknown): void {
    this.#accepting = false;
    this.#stopFlushTimer();
    if (this.#failure !== null) return;
    this.#failure = recordingFailed(this.#options.dir, cause);
    // `onDelay(null)` is not called, because the audio in memory will not be written.
    this.#retry = null;
    if (this.#mustStopWriting()) this.#stopWaiting?.();
    this.#retryNow?.();
    const failure = this.#failure;
    this.#notify(() => this.#options.onProblem(failure));
  }

  #notify(listener: () => void): void {
    try {
      listener();
    } catch {
      // A listener that throws must not stop the recording.
    }
  }
}
