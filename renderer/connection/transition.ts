import { CLOSE, RESUME_WINDOW_MS, WELCOME_TIMEOUT_MS } from '../../shared/protocol.ts';
import {
  ANSWER_TIMEOUT_MS,
  CLOSE_TIMEOUT_MS,
  type ConnectionEffect,
  type ConnectionState,
  IDLE_AFTER_MS,
  LAST_TRY_MS,
  PONG_TIMEOUT_MS,
  STABLE_AFTER_MS,
  type TimerName,
} from './connection-types.ts';

/** Builds one step of the state machine: methods replace `state` and append to `effects`. */
export class Transition {
  readonly effects: ConnectionEffect[] = [];
  constructor(public state: ConnectionState) {}

  set(change: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...change };
  }

  run(effect: ConnectionEffect): void {
    this.effects.push(effect);
  }

  setTimer(timer: TimerName, ms: number): void {
    this.run({ do: 'set_timer', timer, ms });
  }

  clear(...timers: TimerName[]): void {
    for (const timer of timers) this.run({ do: 'clear_timer', timer });
  }

  /** Opens the next socket, for a new session or to resume the current one. */
  openLink(): void {
    const socket = this.state.socket + 1;
    this.clear('retry');
    this.set({ link: 'opening', socket, retryInMs: null, retryAtOnce: false });
    this.run({ do: 'open_socket', socket, resume: this.state.sessionId !== null });
    this.setTimer('welcome', WELCOME_TIMEOUT_MS);
  }

  /** Handles the welcome of `state.sessionId`. */
  enterWelcomed(): void {
    const { socket, sessionId } = this.state;
    this.clear('welcome');
    this.set({ link: 'welcomed', liveness: 'fresh' });
    if (sessionId !== null) this.run({ do: 'send_ready', socket, sessionId });
    this.setTimer('stable', STABLE_AFTER_MS);
    this.setTimer('idle', IDLE_AFTER_MS);
  }

  ping(): void {
    this.set({ liveness: 'asked' });
    this.run({ do: 'send_ping', socket: this.state.socket });
    this.setTimer('pong', PONG_TIMEOUT_MS);
  }

  /** @param voice `stopping`: the turn has already ended and only has to be delivered */
  sendStart(voice: 'starting' | 'stopping' = 'starting'): void {
    this.set({ voice });
    this.clear('idle');
    this.run({ do: 'send_start', socket: this.state.socket });
    this.setTimer('answer', ANSWER_TIMEOUT_MS);
  }

  sendStop(): void {
    this.run({ do: 'send_stop', socket: this.state.socket });
    this.setTimer('answer', ANSWER_TIMEOUT_MS);
  }

  /** Starts the closing handshake. */
  closeLink(): void {
    this.stopLinkTimers();
    this.endOutage();
    this.set({ link: 'closing' });
    this.run({ do: 'close_socket', socket: this.state.socket, code: CLOSE.done });
    this.setTimer('close', CLOSE_TIMEOUT_MS);
  }

  /** Closes the current socket and ignores its further events. */
  abandon(code: number): void {
    this.run({ do: 'abandon_socket', socket: this.state.socket, code });
  }

  /**
   * Ends the session.
   * @param turnOver the turn ends as well: its undelivered audio goes to no other session
   */
  endSession(turnOver = this.state.captureEnded || this.state.voice === 'stopping'): void {
    this.run({ do: 'end_session', turnOver });
    // The microphone still has to be flushed; its last samples belong to the turn that could not be delivered.
    const keepLastSamples =
      this.state.keepLastSamples || (turnOver && !this.state.captureEnded && this.state.mic !== 'off');
    this.set({ sessionId: null, voice: 'idle', turnConfirmed: false, captureEnded: false, keepLastSamples });
  }

  /** Ends the link and the session. */
  endLinkAndSession(turnOver?: boolean): void {
    this.stopLinkTimers();
    this.clear('close', 'retry');
    this.endOutage();
    this.endSession(turnOver);
    this.set({ link: 'none', retryInMs: null });
  }

  /** Starts the resume window at `since`. The last attempt begins `LAST_TRY_MS` before its end. */
  beginOutage(since: number, at: number): void {
    const ms = since + RESUME_WINDOW_MS - LAST_TRY_MS - at;
    this.set({ offlineSince: since, lastTry: ms <= 0 });
    if (ms > 0) this.setTimer('window', ms);
    else this.clear('window');
  }

  /** Ends the outage: the connection has answered, or no audio is buffered any more. */
  endOutage(): void {
    if (this.state.offlineSince === null) return;
    this.clear('window');
    this.set({ offlineSince: null, lastTry: false });
  }

  stopLinkTimers(): void {
    this.clear('welcome', 'answer', 'pong', 'idle', 'stable');
  }

  openMic(): void {
    const mic = this.state.micNumber + 1;
    this.set({ mic: 'opening', micNumber: mic, paused: false, muted: false });
    this.run({ do: 'open_mic', mic });
  }

  stopMic(): void {
    const { mic, micNumber } = this.state;
    if (mic === 'off' || mic === 'stopping') return;
    this.set({ mic: 'stopping' });
    this.run({ do: 'stop_mic', mic: micNumber });
  }
}
