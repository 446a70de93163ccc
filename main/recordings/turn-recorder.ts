import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { EarshotError } from '../../shared/errors.ts';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { MIN_RECORDING_MS, type RecordingInfo } from '../../shared/recording.ts';
import { DescriptionWriter } from './description-writer.ts';
import { discardRecording } from './discard-recording.ts';
import type { Disk } from './disk.ts';
import { descriptionMissing, isTransient, recordingDelayed, recordingFailed, retryDelay } from './disk-errors.ts';
import { MicrophoneStretches } from './microphone-stretches.ts';
import { BYTES_PER_SECOND, PcmBatches, type Piece } from './pcm-batches.ts';
import { recordingId } from './recording-id.ts';
import { type TurnFacts, TurnFile } from './turn-file.ts';

/** Audio waits at most this long (ms) for its batch to be full before it goes to the disk. */
const FLUSH_MS = 500;
/** The JSON beside an unfinished recording is renewed after its first second and then after this much audio; the WAV's own header is always newer. */
const INFO_EVERY_BYTES = 5 * BYTES_PER_SECOND;
/** A JSON that could not be written is tried again after this much audio. */
const INFO_RETRY_BYTES = BYTES_PER_SECOND;
/** So often in a recording the JSON is renewed at once when the microphone changes; then it waits for its turn like all else. */
const MICROPHONE_INFOS = 200;
/** What a turn that was stopped must hold to be saved, in bytes of samples. */
const MIN_BYTES = (MIN_RECORDING_MS / 1000) * BYTES_PER_SECOND;
/** The end of a turn waits so long (ms) for a disk that takes nothing. */
const FINISH_LIMIT_MS = 120_000;
/** The end of a turn waits so long (ms) for its JSON alone. */
const INFO_LIMIT_MS = 10_000;

/** How a turn ended, as the voice server tells it. */
export type TurnEnding = 'stopped' | 'interrupted';

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
  /** Where the recording stands among the others, if not at its start; see `RecordingInfo`. */
  orderedAt: Date | null;
  /** This launch of the host, for the JSON of the unfinished recording. */
  writer: string | undefined;
  /** The recording has ended before its turn did: said once. */
  onProblem: (error: EarshotError) => void;
  /** The sound is saved, and its JSON could not be written. */
  onDescriptionMissing: (error: EarshotError) => void;
  /** The disk takes nothing at the moment, and the audio is kept in memory; null: it is on the disk. */
  onDelay: (error: EarshotError | null) => void;
  /** Whether a turn that was stopped before `MIN_RECORDING_MS` of audio is saved. Asked at its end. */
  keepsShort: () => boolean;
  /** It was shorter and is not saved: no file of it is left. */
  onDiscarded: (duration_s: number) => void;
}

/**
 * Brings one turn to the disk while it is spoken, without ever holding up whoever speaks.
 *
 *   write, gap ──> batches ──(one full, or 500 ms old)──> pump ──> TurnFile: append, count
 *                     ▲                                     │
 *                     └── kept in memory, tried again ◀─────┘ a write that failed
 *
 * One pump runs at a time, so writes never overlap. A write that fails is tried again until two minutes of audio wait:
 * only then the recording ends. The JSON beside the WAV never ends it.
 */
export class TurnRecorder {
  /** From which its files take their names. */
  readonly id: string;
  readonly #turn: TurnStart;
  readonly #options: TurnRecorderOptions;
  readonly #batches = new PcmBatches();
  readonly #microphone = new MicrophoneStretches();
  /** How often the JSON was renewed because of it. */
  #microphoneInfos = 0;
  /** Taken out of the batches and not in the file yet. */
  readonly #pending: Piece[] = [];
  #file: TurnFile | null = null;
  #description: DescriptionWriter | null = null;
  /** `dataBytes` at the last try to write the JSON. */
  #describedAt = 0;
  #pumping = false;
  #pumped: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #accepting = true;
  /** What the disk last answered to a write that has to be tried again. */
  #trouble: { cause: unknown; failures: number } | null = null;
  /** Ends the pause before the next try. */
  #tryNow: (() => void) | null = null;
  /** The whole turn has come: its file is brought to its end. */
  #finishing = false;
  #synced = false;
  #closed = false;
  /** The turn was too short: what has not reached the disk need not. */
  #discarding = false;
  #failure: EarshotError | null = null;
  /** Lets go of `finish`, which waits for a disk that may never answer. */
  #stopWaiting: (() => void) | null = null;
  #end: Promise<RecordingInfo | null> | null = null;

  constructor(turn: TurnStart, options: TurnRecorderOptions) {
    this.#turn = turn;
    this.#options = options;
    this.id = recordingId(turn);
  }

  /**
   * Copies PCM16 LE, mono, 16 kHz. Never throws, never waits.
   * @returns false: it is not kept, and nothing after it will be
   */
  write(pcm: Uint8Array): boolean {
    if (!this.#accepts(pcm.length)) return false;
    if (pcm.length < BYTES_PER_SAMPLE) return true;
    this.#batches.write(pcm);
    return this.#afterInput();
  }

  /**
   * Silence in the place of this many samples that never came.
   * @returns as `write`
   */
  gap(samples: number): boolean {
    if (!(samples >= 1)) return this.#accepting;
    if (!this.#accepts(samples * BYTES_PER_SAMPLE)) return false;
    this.#batches.gap(Math.floor(samples));
    return this.#afterInput();
  }

  /**
   * Notes which microphone is heard, and how, from so many samples behind the last one on. The JSON says so at once, since
   * no more audio may come for a while; a sender that never ends to change it gains no write for each time.
   */
  microphone(samples: number, state: MicrophoneState): void {
    if (!this.#accepting) return;
    this.#microphone.note(this.#batches.totalBytes / BYTES_PER_SAMPLE + samples, state);
    if (this.#file !== null && this.#microphoneInfos++ < MICROPHONE_INFOS) this.#describe(this.#file);
  }

  /**
   * Ends the recording; a second call gives the same answer. Waits up to two minutes for a disk that takes nothing.
   * @returns what was saved, or null where nothing came, or too little of a turn that was stopped (then there is no file
   *   either)
   * @throws {EarshotError} `disk_full`, `recording_failed`, `recording_changed` or `recording_too_long`; what was written
   *   stays readable
   */
  finish(ending: TurnEnding = 'interrupted'): Promise<RecordingInfo | null> {
    this.#end ??= this.#finish(ending);
    return this.#end;
  }

  /** The app ends: a disk that takes nothing now is not waited for any longer. */
  hurry(): void {
    if (this.#trouble !== null) this.#fail(this.#trouble.cause);
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

  #afterInput(): boolean {
    if (this.#batches.overfull) {
      this.#fail(this.#trouble?.cause ?? new Error('the disk has not answered for two minutes of audio'));
      return false;
    }
    // The first sample makes the file at once, so that a folder that can't be written is known at once.
    if (this.#batches.hasSealed || (this.#file === null && !this.#pumping)) void this.#pump();
    if (this.#batches.hasUnsealed) this.#armTimer();
    return true;
  }

  #armTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#batches.seal();
      void this.#pump();
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
    // The last look at the batches and the end of the pump are one step: nothing can be sealed unseen between them.
    while (this.#hasWork()) {
      try {
        await this.#step();
        this.#setTrouble(null);
      } catch (error) {
        if (!isTransient(error)) this.#fail(error);
        if (this.#isLost() || this.#discarding) break;
        this.#setTrouble({ cause: error, failures: (this.#trouble?.failures ?? 0) + 1 });
        await this.#pause(retryDelay(this.#trouble?.failures ?? 1));
      }
    }
    if (this.#isLost()) await this.#salvage();
    this.#pumping = false;
  }

  #hasWork(): boolean {
    if (this.#isLost() || this.#discarding) return false;
    if (this.#file === null || this.#pending.length > 0 || this.#batches.hasSealed) return true;
    return this.#finishing && !this.#synced && this.#failure === null;
  }

  /** After a failure of the disk nothing more is written; a recording that became too long is still brought to its end. */
  #isLost(): boolean {
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
    const since = file.dataBytes - this.#describedAt;
    if (this.#description?.isBehind) return since >= INFO_RETRY_BYTES;
    return since >= (this.#describedAt === 0 ? BYTES_PER_SECOND : INFO_EVERY_BYTES);
  }

  #describe(file: TurnFile): void {
    this.#describedAt = file.dataBytes;
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
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      writer: this.#options.writer,
      ...(this.#failure === null ? {} : { ended_early: this.#failure.code }),
    };
  }

  async #finish(ending: TurnEnding): Promise<RecordingInfo | null> {
    this.#accepting = false;
    this.#disarmTimer();
    if (this.#batches.totalBytes === 0 && this.#failure === null) return null;
    if (ending === 'stopped' && this.#isTooShort() && (await this.#discard())) return null;
    this.#finishing = true;
    this.#batches.seal();
    await this.#pumpedOrLost();
    if (this.#failure === null && this.#file !== null) return this.#complete(this.#file);
    // A disk that never answers must not hold up the end of a session; the pump closes the file when it does.
    if (!this.#pumping) await this.#salvage();
    throw this.#failure ?? recordingFailed(this.#options.dir, new Error('it has no file'));
  }

  /** A turn that lacks audio was no press by mistake: it was longer for whoever spoke. */
  #isTooShort(): boolean {
    if (this.#failure !== null || this.#batches.gaps.length > 0) return false;
    return this.#batches.totalBytes < MIN_BYTES && !this.#options.keepsShort();
  }

  /** @returns false: it is not removed, and the recording is brought to its end like any other */
  async #discard(): Promise<boolean> {
    this.#discarding = true;
    await this.#pumpedOrLost();
    this.#discarding = false;
    if (this.#failure !== null) return false;
    const end = this.#file === null ? 'removed' : await discardRecording(this.#file, this.#description, INFO_LIMIT_MS);
    if (end === 'kept') return false;
    // Nothing more is written, not even to a file that may be gone.
    this.#closed = true;
    // Not told as the end of a delay: nothing was written.
    this.#trouble = null;
    this.#pending.length = 0;
    this.#batches.clear();
    if (end === 'no answer') {
      this.#fail(new Error('the disk does not answer'));
      return false;
    }
    this.#tell(() => this.#options.onDiscarded(this.#batches.totalBytes / BYTES_PER_SECOND));
    return true;
  }

  /** Resolves when all is on the disk, or when it never will be: then after two minutes at the latest. */
  async #pumpedOrLost(): Promise<void> {
    const limit = setTimeout(
      () => this.#fail(this.#trouble?.cause ?? new Error('the disk does not answer')),
      FINISH_LIMIT_MS,
    );
    try {
      await new Promise<void>((resolve) => {
        this.#stopWaiting = resolve;
        if (this.#isLost()) resolve();
        this.#tryNow?.();
        void this.#pump().then(resolve);
      });
    } finally {
      clearTimeout(limit);
    }
  }

  async #complete(file: TurnFile): Promise<RecordingInfo> {
    this.#closed = true;
    const info = file.info(this.#facts(), true);
    const failure = await this.#description?.finish(info, INFO_LIMIT_MS);
    if (failure) this.#tell(() => this.#options.onDescriptionMissing(descriptionMissing(this.#options.dir, failure)));
    await file.close();
    return info;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#tryNow = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#tryNow = done;
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
    // Without it the next start describes the recording by its sound.
    await this.#description?.finish(file.info(this.#facts()), 0);
  }

  #setTrouble(trouble: { cause: unknown; failures: number } | null): void {
    const began = trouble !== null && this.#trouble === null;
    const ended = trouble === null && this.#trouble !== null;
    this.#trouble = trouble;
    if (began) this.#tell(() => this.#options.onDelay(recordingDelayed(this.#options.dir, trouble.cause)));
    if (ended) this.#tell(() => this.#options.onDelay(null));
  }

  /** Stops taking audio in. Only the first failure is kept and said. */
  #fail(cause: unknown): void {
    this.#accepting = false;
    this.#disarmTimer();
    if (this.#failure !== null) return;
    this.#failure = recordingFailed(this.#options.dir, cause);
    // Not told as the end of a delay: the disk does not take it again.
    this.#trouble = null;
    if (this.#isLost()) this.#stopWaiting?.();
    this.#tryNow?.();
    const failure = this.#failure;
    this.#tell(() => this.#options.onProblem(failure));
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch {
      // Whoever listens to problems must not break the hot path that found one.
    }
  }
}
