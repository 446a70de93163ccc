import type { Unsubscribe } from '../../shared/bridge.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { VoiceView } from '../connection/connection-state.ts';
import type { ProblemCode } from '../connection/problems.ts';
import type { Undelivered } from './outgoing-audio.ts';

export type { VoiceView } from '../connection/connection-state.ts';

/** Audio lost since the last press, in ms. */
export interface TurnLosses {
  /** Audio missing from the recording, for any reason. */
  lostMs: number;
  /** Part of `lostMs` that could not be delivered and was passed to `onUndelivered`. */
  undeliveredMs: number;
  /** Audio of the last turn that was not captured, because the page or the system's audio was blocked. */
  uncapturedMs: number;
  /** Part of `uncapturedMs`: the microphone was open but delivered nothing. */
  stalledMs: number;
  /** Part of `uncapturedMs`: another device replaced one that was disconnected. */
  changedMs: number;
  /**
   * Time that passed only on the wall clock while the microphone was open: the computer slept, or its clock was set
   * forward. Not part of `uncapturedMs`, because the recording does not contain this time.
   */
  sleptMs: number;
}

/** State of the voice connection as the window shows it. Immutable: each change creates a new object. */
export interface VoiceSnapshot extends TurnLosses {
  view: VoiceView;
  sessionId: string | null;
  /**
   * When this turn started listening, in ms of `performance.now()`, moved forward by the length of its pauses: the time
   * since then is what has been recorded.
   */
  listeningSince: number | null;
  /** When the user paused the turn, in ms of `performance.now()`; null while it is not paused. */
  pausedAt: number | null;
  /** The user has muted the microphone: silence is recorded. */
  muted: boolean;
  /** Seconds until the turn reaches the length limit of the settings, in its last 30 s; otherwise null. */
  limitLeftS: number | null;
  /** In `idle`: the last turn ended because it reached this limit, in minutes; otherwise null. */
  limitReachedMin: number | null;
  /** In `error`: the reason, as a key of `text.problems`. */
  problem: ProblemCode | null;
  /** In `reconnecting`: start of the next attempt, in ms of `performance.now()`; null during an attempt. */
  retryAt: number | null;
  /**
   * While disconnected: until when audio is buffered, in ms of `performance.now()`. Then the turn ends and its
   * undelivered audio is passed to `onUndelivered`. Null: connected, or not recording.
   */
  keptUntil: number | null;
  /** Until when the delivery of ended turns is attempted, in ms of `performance.now()`. */
  triesUntil: number | null;
  /** Number of ended turns that are being delivered or wait for it. */
  finishing: number;
  /** Number of this window's turns after the one that the session belongs to. */
  turnsWaiting: number;
  /** Consecutive failed connections. */
  failures: number;
  /** The browser is waiting for the user to allow the microphone. */
  askingForMic: boolean;
  /** The microphone is open; its audio is sent or buffered. */
  micLive: boolean;
  /**
   * The microphone in use and its state; null while none is open. While `micLive` is false it has delivered no audio
   * yet.
   */
  microphone: MicrophoneState | null;
  /** Number of sessions resumed since the last press. */
  resumes: number;
  /** In `reconnecting`: after repeated failures only one attempt is made every 15 s, at `retryAt`. */
  breakerOpen: boolean;
  /** Number of new sessions that replaced a lost one since the last press. */
  newSessions: number;
}

/** Levels of the last 20 ms in dBFS; null: digital silence. */
export interface Level {
  peak: number | null;
  rms: number | null;
}

/** The window's interface to recording: the mic button, the state and the level meter. */
export interface VoiceClient {
  /** The mic button: starts a turn, or stops the current one. May be called at any time. */
  press(): void;
  /**
   * Pauses the turn, or continues it. Paused time is not recorded, and the turn stays one recording. Does nothing while no
   * microphone is open for a turn.
   */
  setPaused(paused: boolean): void;
  /** Mutes or unmutes the microphone: time passes, and silence is recorded. As `setPaused` otherwise. */
  setMuted(muted: boolean): void;
  /** Reconnects immediately instead of waiting; otherwise does nothing. */
  retryNow(): void;
  /**
   * Sets whether another program answers at the host's address. Meanwhile an open voice connection continues, but a
   * lost one is not retried.
   */
  setHostUnproven(unproven: boolean): void;
  snapshot(): VoiceSnapshot;
  /** Called after every change of the snapshot. */
  subscribe(listener: () => void): Unsubscribe;
  /** Called 50 times a second while the microphone is open and the turn is not paused. */
  onLevel(listener: (level: Level) => void): Unsubscribe;
  /** Called with audio that can't be delivered any more. The window may keep it. */
  onUndelivered(listener: (audio: Undelivered) => void): Unsubscribe;
  /** Ends the session, the microphone and all timers; later presses do nothing. */
  dispose(): void;
}
