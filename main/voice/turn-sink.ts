import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

/** What the voice server needs of whoever keeps the audio. `main/recordings` implements it; `main/host/host.ts` wires it. */
export interface TurnSink {
  /** Called when a session starts to listen. Must not throw: a failure shows in `finish`. */
  begin(turn: TurnStart): TurnRecorder;
}

export interface TurnStart {
  sessionId: string;
  userId: string;
  /** Which turn of the session, from 1. */
  turn: number;
  startedAt: Date;
}

/**
 * How a turn ended: `stopped` where its client said so, on the connection on which it had begun. Every other end is
 * `interrupted`, and so is one whose connection was lost in between, whoever ended it.
 */
export type TurnEnding = 'stopped' | 'interrupted';

export interface TurnRecorder {
  /**
   * PCM16 LE, mono, 16 kHz, in order. The bytes are only lent: copy what is kept. Never throws, never blocks.
   * @returns false: this can't be kept, and nothing after it; `finish` tells why
   */
  write(pcm: Uint8Array): boolean;
  /** Audio that never came: this many samples of silence stand in its place. @returns as `write` */
  gap(samples: number): boolean;
  /**
   * Which microphone is heard, and how, from so many samples behind the last one on. What was said of the same moment before
   * is replaced. Never throws, never blocks.
   */
  microphone(samples: number, state: MicrophoneState): void;
  /**
   * Ends the recording; safe to call twice.
   * @param ending default: `interrupted`
   * @returns what was saved, or null where there was nothing to save, or too little of a turn that was stopped
   * @throws {EarshotError} e.g. `disk_full`, when it could not be written; what was written stays readable
   */
  finish(ending?: TurnEnding): Promise<RecordingInfo | null>;
}
