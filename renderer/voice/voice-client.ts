import type { Unsubscribe } from '../../shared/bridge.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { VoiceView } from '../connection/connection-state.ts';
import type { ProblemCode } from '../connection/problems.ts';
import type { Undelivered } from './outgoing-audio.ts';

export type { VoiceView } from '../connection/connection-state.ts';

/** What a turn cost since the last press, in ms. */
export interface TurnLosses {
  /** Audio that the recording lacks since the last press, in ms, whatever the reason. */
  lostMs: number;
  /** Of `lostMs`: what could not be delivered, and was handed out by `onUndelivered`. */
  undeliveredMs: number;
  /** Of the last turn: what the microphone did not capture, in ms, because the page or the system's audio was held up. */
  uncapturedMs: number;
  /** Of `uncapturedMs`: while the microphone was open and delivered nothing. */
  stalledMs: number;
  /** Of `uncapturedMs`: while another device took the place of one that had left. */
  changedMs: number;
  /**
   * So many ms passed by the wall clock alone while the microphone was open: the computer slept, or its clock was set forward.
   * No part of `uncapturedMs`: a recording has no such time.
   */
  sleptMs: number;
}

/** All that the window needs to draw the connection. Immutable: a change is a new object. */
export interface VoiceSnapshot extends TurnLosses {
  view: VoiceView;
  sessionId: string | null;
  /** When this turn began to listen, in ms by `performance.now()`. */
  listeningSince: number | null;
  /** Set in `error`: why, as a key of PROBLEMS. */
  problem: ProblemCode | null;
  /** In `reconnecting`: when the next try starts, in ms by `performance.now()`; null while one is under way. */
  retryAt: number | null;
  /**
   * While there is no connection: until when what is said is kept, in ms by `performance.now()`. Then the turn ends, and what
   * could not be delivered is handed out. Null: there is a connection, or nothing is said.
   */
  keptUntil: number | null;
  /** The same for turns that have ended and wait to be delivered: until when that is tried. */
  triesUntil: number | null;
  /** Turns that have ended and are being delivered, or wait for it. */
  finishing: number;
  /** Turns of this window that are later than the one which the session belongs to. */
  turnsBehind: number;
  /** Failed connections in a row. */
  failures: number;
  /** The browser is waiting for a person to allow the microphone. */
  askingForMic: boolean;
  /** The microphone is open: what is said is heard, or kept. */
  hearing: boolean;
  /** Which microphone is heard, and how; null while none is open. With `hearing` false its sound has not come yet. */
  microphone: MicrophoneState | null;
  /** How often the connection broke and was mended within its session since the last press. */
  resumes: number;
  /** In `reconnecting`: so many tries failed in a row that only one is made every 15 s; `retryAt` counts down to it. */
  breakerOpen: boolean;
  /** How often the connection broke and came back as a new session since the last press; one still broken is not counted. */
  newSessions: number;
}

/** Levels of the last 20 ms in dBFS; null: digital silence. */
export interface Level {
  peak: number | null;
  rms: number | null;
}

/** The window's one handle on voice: a press, a picture, a meter. */
export interface VoiceClient {
  /** The mic button. Safe at every moment: starts when nothing is wanted, else stops. */
  press(): void;
  /** Ends the wait for a reconnect. Does nothing at any other time. */
  retryNow(): void;
  /**
   * Whether another program answers where the host was. While it does, a voice connection that stands goes on, and none that
   * was lost is tried again.
   */
  setHostUnproven(unproven: boolean): void;
  snapshot(): VoiceSnapshot;
  /** Told after every change of the snapshot. */
  subscribe(listener: () => void): Unsubscribe;
  /** 50 times a second while the microphone is open. */
  onLevel(listener: (level: Level) => void): Unsubscribe;
  /** Told of audio that can't be delivered any more, in the order in which that turns out. The window may keep it. */
  onUndelivered(listener: (audio: Undelivered) => void): Unsubscribe;
  /** Ends the session, the microphone and all timers; a press after it does nothing. */
  dispose(): void;
}
