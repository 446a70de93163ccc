import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

/** Where the voice server sends audio. `main/recordings` implements it; `main/host/host.ts` passes it in. */
export interface TurnSink {
  /** Called when a turn starts. Must not throw; errors are reported by `finish`. */
  begin(turn: TurnStart): TurnRecorder;
}

export interface TurnStart {
  sessionId: string;
  userId: string;
  /** Number of the turn within the session, from 1. */
  turn: number;
  startedAt: Date;
}

/**
 * How a turn ended: `stopped` if the client stopped it on the connection on which it began, otherwise `interrupted`. A
 * turn whose connection was lost in between is always `interrupted`.
 */
export type TurnEnding = 'stopped' | 'interrupted';

export interface TurnRecorder {
  /**
   * Appends audio: PCM16 LE, mono, 16 kHz. The buffer is reused after the call, so copy what is kept. Never throws,
   * never blocks.
   * @returns false if this audio and everything after it can't be stored; `finish` reports why
   */
  write(pcm: Uint8Array): boolean;
  /** Appends this many samples of silence in place of missing audio. @returns as `write` */
  gap(samples: number): boolean;
  /**
   * Records which microphone is in use, and its status, from `samples` after the last appended sample on. Replaces an
   * earlier state for the same position. Never throws, never blocks.
   */
  microphone(samples: number, state: MicrophoneState): void;
  /**
   * Records a pause by the user at `samples` after the last appended sample. The recording does not contain its time.
   * Replaces an earlier one for the same position. Never throws, never blocks.
   * @param seconds length of the pause; null: the turn is paused now
   */
  pause(samples: number, seconds: number | null): void;
  /**
   * Ends the recording. Safe to call twice.
   * @param ending default: `interrupted`
   * @returns the saved recording, or null if there was nothing to save or a stopped turn was too short
   * @throws {EarshotError} e.g. `disk_full`, if it could not be written; what was already written stays readable
   */
  finish(ending?: TurnEnding): Promise<RecordingInfo | null>;
}
