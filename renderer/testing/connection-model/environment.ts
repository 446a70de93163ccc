import { expect } from 'vitest';
import { CLOSE } from '../../../shared/protocol.ts';
import { INITIAL_STATE, reduce, viewOf } from '../../connection/connection-state.ts';
import type {
  ConnectionEffect,
  ConnectionEvent,
  ConnectionState,
  TimerName,
} from '../../connection/connection-types.ts';
import { AudioModel } from './audio.ts';
import { checkRules } from './invariants.ts';

/** An event with an optional time; default: now. */
type Untimed<Event = ConnectionEvent> = Event extends { at: number } ? Omit<Event, 'at'> & { at?: number } : Event;

/**
 * Models the environment of the reducer: it runs the effects as a browser and a server would, and fails on invalid
 * effects. It keeps its own data, independent of the reducer's state, so that an error in one is detected by the other.
 */
export class Environment {
  state: ConnectionState = INITIAL_STATE;
  effects: ConnectionEffect[] = [];
  /** Sockets that are not closed or abandoned. `live`: connecting or open. */
  readonly sockets = new Map<number, 'live' | 'closing'>();
  /** The session that each welcome named, by socket. */
  readonly sessionOf = new Map<number, string>();
  /** The current session: confirmed with `ready` and not ended. */
  currentSession: string | null = null;
  /** Sessions for which the server has confirmed `listening`. */
  readonly confirmedSessions = new Set<string>();
  /** Messages sent, by socket. */
  readonly sentMessages = new Map<number, string[]>();
  /** Microphones that are not off. */
  readonly mics = new Map<number, 'opening' | 'live' | 'stopping'>();
  readonly timers = new Map<TimerName, number>();
  /** Due time of each timer. */
  readonly #due = new Map<TimerName, number>();
  /** Current time in ms. It advances only when a timer fires. */
  clock = 1_000;
  /** Total number of frames captured. */
  captured = 0;
  #presses = 0;
  /** Presses after which the window showed that audio is kept or recorded. */
  readonly #keptShownFor = new Set<number>();
  #disposed = false;
  readonly #pressOfMic = new Map<number, number>();
  readonly #pressOfSession = new Map<string, number>();
  /** Frame counts of microphones that have been live. They deliver frames until they have stopped. */
  readonly #frameCounts = new Map<number, number>();
  readonly audio = new AudioModel({
    sessionOn: (socket) => (this.sockets.get(socket) === 'live' ? this.sessionOf.get(socket) : undefined),
    pressOfMic: (mic) => this.#pressOfMic.get(mic),
    pressOfSession: (session) => this.#pressOfSession.get(session),
  });

  send(...events: Untimed[]): this {
    for (const event of events) this.#step({ at: this.clock, ...event } as ConnectionEvent);
    return this;
  }

  #step(event: ConnectionEvent): void {
    this.#applyEvent(event);
    // The reducer must be pure: it can't modify its input, and the same input gives the same step.
    const before = Object.freeze(this.state);
    const { state, effects } = reduce(before, event);
    expect(reduce(before, event)).toEqual({ state, effects });
    this.state = state;
    this.effects = effects;
    if (state.shouldListen && !before.shouldListen) this.#presses += 1;
    if (event.type === 'dispose') this.#disposed = true;
    for (const effect of effects) this.#runEffect(effect);
    if (['reconnecting', 'listening', 'paused'].includes(viewOf(state))) this.#keptShownFor.add(this.#presses);
    checkRules(this);
  }

  /** Applies the event to the environment, before the reducer handles it. */
  #applyEvent(event: ConnectionEvent): void {
    if (event.type === 'closed') this.#removeSocket(event.socket);
    if (event.type === 'welcome' && this.sockets.get(event.socket) === 'live' && !this.sessionOf.has(event.socket)) {
      this.sessionOf.set(event.socket, event.sessionId);
    }
    if (event.type === 'voice_state') this.#onVoiceState(event.socket, event.state);
    if (event.type === 'mic_live' && this.mics.get(event.mic) === 'opening') {
      this.mics.set(event.mic, 'live');
      this.#frameCounts.set(event.mic, 0);
    }
    if (event.type === 'mic_failed' || event.type === 'mic_stopped') {
      this.mics.delete(event.mic);
      this.#frameCounts.delete(event.mic);
    }
    if (event.type === 'timer') this.#elapse(event.timer);
  }

  /** The timer among `names` that is due first. */
  nextOf(...names: TimerName[]): TimerName | undefined {
    const set = names.filter((name) => this.timers.has(name));
    return set.sort((a, b) => (this.#due.get(a) ?? 0) - (this.#due.get(b) ?? 0))[0];
  }

  #elapse(timer: TimerName): void {
    this.clock = Math.max(this.clock, this.#due.get(timer) ?? 0);
    this.timers.delete(timer);
  }

  #onVoiceState(socket: number, answer: 'idle' | 'listening'): void {
    if (this.sockets.get(socket) !== 'live') return;
    const session = this.sessionOf.get(socket);
    if (answer === 'listening' && session !== undefined) this.confirmedSessions.add(session);
    this.audio.arrived(socket);
  }

  #removeSocket(socket: number): void {
    this.sockets.delete(socket);
    this.audio.cut(socket);
  }

  /** Captures frames with every microphone that is live or stopping. */
  frame(times = 1): this {
    for (let i = 0; i < times; i++) {
      for (const [mic, n] of this.#frameCounts) {
        this.#frameCounts.set(mic, n + 1);
        this.captured += 1;
        this.audio.push({ mic, n });
      }
    }
    checkRules(this);
    return this;
  }

  #runEffect(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        expect(this.sockets.size, 'a socket is opened beside another').toBe(0);
        expect(effect.socket, 'a number is used again').toBe(Math.max(0, ...this.sentMessages.keys()) + 1);
        expect(effect.resume, 'resume does not match the current session').toBe(this.currentSession !== null);
        this.sockets.set(effect.socket, 'live');
        this.sentMessages.set(effect.socket, []);
        return;
      case 'close_socket':
        expect(this.sockets.get(effect.socket), 'a socket is closed twice').toBe('live');
        expect(effect.code).toBe(CLOSE.done);
        this.sockets.set(effect.socket, 'closing');
        return;
      case 'abandon_socket':
        expect(this.sockets.has(effect.socket), 'a closed socket is abandoned').toBe(true);
        // A page may only close with these codes (WHATWG WebSockets, `close()`).
        expect(effect.code === 1000 || effect.code >= 3000).toBe(true);
        return this.#removeSocket(effect.socket);
      case 'send_ready':
        expect(effect.sessionId, 'ready for another session').toBe(this.sessionOf.get(effect.socket));
        this.currentSession = effect.sessionId;
        this.#sendMessage(effect);
        return;
      case 'send_ping':
        this.#sendMessage(effect);
        return;
      case 'send_start': {
        const session = this.#sendMessage(effect);
        // A repeated start belongs to its original press.
        if (this.#pressOfSession.has(session)) return;
        if (this.state.voice === 'starting') {
          expect([...this.mics.values()], 'started without a microphone').toEqual(['live']);
        }
        this.#pressOfSession.set(session, this.audio.pressOfTurn ?? this.#presses);
        return;
      }
      case 'send_stop':
        this.#sendMessage(effect);
        expect(this.audio.isDelivered(effect.socket), 'stop is sent before the last frames').toBe(true);
        return;
      case 'open_mic':
        expect(this.mics.size, 'a microphone is opened beside another').toBe(0);
        this.mics.set(effect.mic, 'opening');
        this.#pressOfMic.set(effect.mic, this.#presses);
        return;
      case 'stop_mic':
        expect(this.mics.get(effect.mic), 'a microphone is stopped twice').toBeOneOf(['opening', 'live']);
        this.mics.set(effect.mic, 'stopping');
        return;
      case 'open_audio':
        this.#expectOpenSocket(effect.socket);
        expect([...this.confirmedSessions], 'audio before the confirmation of the server').toContain(
          this.sessionOf.get(effect.socket),
        );
        return this.audio.open(effect.socket);
      case 'hold_audio':
        return this.audio.hold();
      case 'resume_audio':
        this.#expectOpenSocket(effect.socket);
        return this.audio.resume(effect.socket);
      case 'end_capture':
        expect([...this.mics.values()], 'the capture ended before the microphone was flushed').toEqual([]);
        return this.audio.endCapture();
      case 'end_session':
        this.currentSession = null;
        return this.audio.end(effect.turnOver);
      case 'give_up_backlog':
        return this.audio.giveUpBacklog();
      case 'drop_audio':
        for (const { mic } of this.audio.drop(effect.keep)) {
          const current = this.state.shouldListen && this.#pressOfMic.get(mic) === this.#presses;
          expect(current, 'audio of the current turn is dropped').toBe(false);
          // The window has shown that audio is kept while disconnected.
          const wasShownAsKept =
            !effect.keep && !this.#disposed && this.#keptShownFor.has(this.#pressOfMic.get(mic) ?? 0);
          expect(wasShownAsKept, 'audio shown as kept is dropped').toBe(false);
        }
        return;
      case 'set_timer':
        expect(effect.ms).toBeGreaterThanOrEqual(0);
        this.timers.set(effect.timer, effect.ms);
        this.#due.set(effect.timer, this.clock + effect.ms);
        return;
      case 'clear_timer':
        this.timers.delete(effect.timer);
        return;
    }
  }

  /** @returns the session of the socket */
  #sendMessage(effect: { do: string; socket: number }): string {
    this.#expectOpenSocket(effect.socket);
    this.sentMessages.get(effect.socket)?.push(effect.do);
    return this.sessionOf.get(effect.socket) ?? '';
  }

  #expectOpenSocket(socket: number): void {
    expect(socket, 'sent on a stale socket').toBe(this.state.socket);
    expect(this.sockets.get(socket), 'sent on a closing or closed socket').toBe('live');
    expect(this.sessionOf.has(socket), 'sent before the welcome').toBe(true);
  }

  /** Whether there is no socket, microphone, timer or undelivered frame. */
  get isIdle(): boolean {
    const { sockets, mics, timers, audio } = this;
    return sockets.size + mics.size + timers.size + audio.turns.length + audio.numbered.length === 0;
  }
}
