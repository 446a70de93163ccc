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

/** The moves of the state machine: each changes the state and notes what is to be done. The result is a new state. */
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

  /** Opens the next socket, for a new session or to take up the one that stands. */
  openLink(): void {
    const socket = this.state.socket + 1;
    this.clear('retry');
    this.set({ link: 'opening', socket, retryInMs: null, nudged: false });
    this.run({ do: 'open_socket', socket, resume: this.state.sessionId !== null });
    this.setTimer('welcome', WELCOME_TIMEOUT_MS);
  }

  /** The welcome was heard, in `state.sessionId`. */
  greet(): void {
    const { socket, sessionId } = this.state;
    this.clear('welcome');
    this.set({ link: 'welcomed', pulse: 'fresh' });
    if (sessionId !== null) this.run({ do: 'send_ready', socket, sessionId });
    this.setTimer('stable', STABLE_AFTER_MS);
    this.setTimer('idle', IDLE_AFTER_MS);
  }

  ping(): void {
    this.set({ pulse: 'asked' });
    this.run({ do: 'send_ping', socket: this.state.socket });
    this.setTimer('pong', PONG_TIMEOUT_MS);
  }

  /** @param voice `stopping`: the turn has ended, and is started only to be delivered */
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

  /** Asks for the closing handshake. */
  closeLink(): void {
    this.stopLinkTimers();
    this.endOutage();
    this.set({ link: 'closing' });
    this.run({ do: 'close_socket', socket: this.state.socket, code: CLOSE.done });
    this.setTimer('close', CLOSE_TIMEOUT_MS);
  }

  /** Takes no further notice of the socket that is open or opening. */
  abandon(code: number): void {
    this.run({ do: 'abandon_socket', socket: this.state.socket, code });
  }

  /**
   * The session is over, for whatever reason.
   * @param turnOver its turn as well: what was not delivered of it never will be
   */
  endSession(turnOver = this.state.sealed || this.state.voice === 'stopping'): void {
    this.run({ do: 'end_session', turnOver });
    // A microphone that has still to be flushed: its last samples belong to the turn that could not be delivered.
    const salvage = this.state.salvage || (turnOver && !this.state.sealed && this.state.mic !== 'off');
    this.set({ sessionId: null, voice: 'idle', begun: false, sealed: false, salvage });
  }

  /** No link any more, and no session. */
  leave(turnOver?: boolean): void {
    this.stopLinkTimers();
    this.clear('close', 'retry');
    this.endOutage();
    this.endSession(turnOver);
    this.set({ link: 'none', retryInMs: null });
  }

  /** What is kept has no connection from `since` on: it is kept for the window, and the last try begins shortly before its end. */
  beginOutage(since: number, at: number): void {
    const ms = since + RESUME_WINDOW_MS - LAST_TRY_MS - at;
    this.set({ awaySince: since, lastTry: ms <= 0 });
    if (ms > 0) this.setTimer('window', ms);
    else this.clear('window');
  }

  /** The connection has answered, or nothing is kept any more. */
  endOutage(): void {
    if (this.state.awaySince === null) return;
    this.clear('window');
    this.set({ awaySince: null, lastTry: false });
  }

  stopLinkTimers(): void {
    this.clear('welcome', 'answer', 'pong', 'idle', 'stable');
  }

  openMic(): void {
    const mic = this.state.micNumber + 1;
    this.set({ mic: 'opening', micNumber: mic });
    this.run({ do: 'open_mic', mic });
  }

  stopMic(): void {
    const { mic, micNumber } = this.state;
    if (mic === 'off' || mic === 'stopping') return;
    this.set({ mic: 'stopping' });
    this.run({ do: 'stop_mic', mic: micNumber });
  }
}
