import { FULL_FRAME_BYTES } from '../../shared/audio-frame.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { microphoneLabel } from '../../shared/microphone-state.ts';
import { type ClientMessage, parseClientMessage, type ServerMessage, type VoiceState } from '../../shared/protocol.ts';
import { sanitise } from '../../shared/sanitise.ts';
import { createTokenBucket, type TokenBucket } from '../guard/token-bucket.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { type AudioIntake, createAudioIntake } from './audio-intake.ts';
import type { Limits } from './limits.ts';
import type { TurnEnding, TurnRecorder, TurnSink } from './turn-sink.ts';

/** How many unknown events are logged per session. Further ones are ignored without a log line. */
const MAX_LOGGED_UNKNOWN_EVENTS = 5;

/** The number of audio frames that a message of `bytes` bytes counts as for the rate limit; at least 1. */
export function frameCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / FULL_FRAME_BYTES));
}

export interface SessionOptions {
  id: string;
  userId: string;
  sink: TurnSink;
  limits: Limits;
  log: Log;
  metrics: Pick<VoiceMetrics, 'frames' | 'missing' | 'duplicates'>;
  /** ms since the epoch. */
  now(): number;
  /** ms of any origin. */
  monotonicNow(): number;
}

/** A connection, as seen by its session. */
export interface SessionPeer {
  /** Strikes before `ready`. They are added to the session's strikes once the client is ready. */
  strikes: number;
  send(message: ServerMessage): void;
  /**
   * Called for every `ready`; the client may repeat it.
   * @param proof the client's answer to the challenge in the welcome
   * @returns `too early`: no welcome has been sent yet; `unproven`: the proof does not match
   */
  ready(proof: string): 'accepted' | 'too early' | 'unproven';
  /** Called when the strike limit is reached: closes the connection. */
  onStrikeLimit(): void;
}

/**
 * The protocol of one session: before `ready` it answers only `ping`; afterwards it accepts any number of turns
 * (`start`, audio, `stop`). It is independent of sockets, so its turn, audio sequence and strikes survive a reconnect.
 * Every connection must answer its own welcome. Until then its messages do not change the session.
 */
export class Session {
  readonly id: string;
  readonly userId: string;
  readonly #options: SessionOptions;
  /** Created by the first turn, to keep the handshake fast. */
  #audio: AudioIntake | null = null;
  readonly #inbound: TokenBucket;
  /** The active connection: the last one whose client answered the welcome. */
  #peer: SessionPeer | null = null;
  #state: VoiceState = 'idle';
  #turns = 0;
  #recorder: TurnRecorder | null = null;
  /** Resolves when the recording of the last ended turn is finished. Never rejects. */
  #recordingFinished: Promise<void> = Promise.resolve();
  /** The session ended the turn itself. Set until the client sends `start` or `stop`. */
  #turnAborted = false;
  /** Whether the turn is still on the connection on which it began. */
  #sameConnection = true;
  #strikes = 0;
  #unknownEvents = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.id = options.id;
    this.userId = options.userId;
    const { limits, monotonicNow } = options;
    this.#inbound = createTokenBucket({
      perSecond: limits.inboundPerSecond,
      burst: limits.inboundBurst,
      now: monotonicNow,
    });
  }

  /** Last received audio seq, -1 if none. */
  get receivedThrough(): number {
    return this.#audio?.receivedThrough ?? -1;
  }

  get voiceState(): VoiceState {
    return this.#state;
  }

  /**
   * Makes a connection whose client has answered the welcome the active one.
   * @param acknowledged `received_through` in that welcome
   */
  attach(peer: SessionPeer, acknowledged: number): void {
    this.#peer = peer;
    this.#sameConnection = false;
    this.#audio?.markAcknowledged(acknowledged);
    this.#strikes += peer.strikes;
    if (this.#strikes >= this.#options.limits.strikes) peer.onStrikeLimit();
  }

  /** Called when the active connection has closed. Messages are dropped until the next `attach`. */
  detach(): void {
    this.#peer = null;
  }

  /**
   * Counts a message of any kind. The limit applies to the session, not to a connection; otherwise reconnecting would
   * reset it.
   * @returns false if the peer exceeds the rate limit
   */
  consumeRateLimit(bytes: number): boolean {
    return this.#inbound.take(frameCount(bytes));
  }

  /** Handles a text frame. Never throws. */
  onText(text: string, from: SessionPeer): void {
    const parsed = parseClientMessage(text);
    if (parsed.kind === 'unknown') {
      if (this.#unknownEvents++ < MAX_LOGGED_UNKNOWN_EVENTS) this.#warn('unknown_event', parsed.event);
      return;
    }
    if (parsed.kind === 'malformed') {
      this.#strike(from, 'bad_message', `Malformed message: ${parsed.reason}.`);
      return;
    }
    const { message } = parsed;
    this.#options.log(
      'WS_RECV',
      { session: this.id, event: message.event },
      message.event === 'ping' || message.event === 'microphone' ? 'debug' : 'info',
    );
    this.#handle(message, from);
  }

  /** Handles a binary frame, which carries audio. Never throws. */
  onBinary(bytes: Uint8Array, from: SessionPeer): void {
    if (from !== this.#peer) return this.#strike(from, 'not_ready', 'Audio before ready: answer the welcome first.');
    // These frames were sent before the client learned that the session had ended the turn.
    if (this.#turnAborted) return;
    this.#strikeOnError(from, () => {
      if (this.#state === 'listening') {
        if (this.#audio?.take(bytes) === false) this.#abortTurn(from);
      } else if (this.#audio?.takeResent(bytes) !== true) {
        // A frame resent after a resume is not an error: the previous connection had delivered both it and the `stop`.
        this.#strike(from, 'not_listening', 'Audio while idle: send start first.');
      }
    });
  }

  /** Acknowledges all received audio. Called before the connection is closed: the client counts the rest as lost. */
  acknowledge(): void {
    this.#audio?.acknowledge();
  }

  /** Ends an open turn. @returns a promise that resolves when the recording of the last turn is finished */
  end(): Promise<void> {
    return this.#endTurn('interrupted');
  }

  #handle(message: ClientMessage, from: SessionPeer): void {
    if (message.event === 'ping') {
      from.send({
        event: 'pong',
        id: message.id,
        client_time: message.client_time,
        server_time: this.#options.now(),
      });
      return;
    }
    if (message.event === 'ready') {
      if (message.session_id !== this.id) return this.#strike(from, 'bad_message', 'ready names another session.');
      // The connection manager calls `attach`.
      const answer = from.ready(message.proof);
      if (answer === 'too early') this.#strike(from, 'not_ready', 'ready before the welcome.');
      if (answer === 'unproven')
        this.#strike(from, 'not_proven', 'ready does not answer the challenge of the welcome.');
      return;
    }
    if (from !== this.#peer) {
      return this.#strike(from, 'not_ready', `${message.event} before ready: answer the welcome first.`);
    }
    if (message.event === 'microphone') return this.#onMicrophone(message, from);
    if (message.event === 'pause') return this.#onPause(message, from);
    if (message.event === 'start' || message.event === 'stop') this.#turnAborted = false;
    if (message.event === 'start' && this.#state === 'idle') this.#beginTurn();
    if (message.event === 'stop' && this.#state === 'listening')
      void this.#endTurn(this.#sameConnection ? 'stopped' : 'interrupted');
    // A repeated `start` or `stop` has no effect but is answered: the client missed the first answer.
    from.send({ event: 'voice_state', session_id: this.id, state: this.#state });
  }

  #onMicrophone(message: Extract<ClientMessage, { event: 'microphone' }>, from: SessionPeer): void {
    if (this.#turnAborted) return;
    const { seq, label, status, instead_of } = message;
    if (this.#state !== 'listening') {
      // A repetition after a resume.
      if (seq <= this.receivedThrough) return;
      return this.#strike(from, 'not_listening', 'microphone while idle: send start first.');
    }
    this.#strikeOnError(from, () =>
      this.#audio?.microphone(seq, {
        label: microphoneLabel(label),
        status,
        instead_of: instead_of === null ? null : microphoneLabel(instead_of),
      }),
    );
  }

  #onPause({ seq, seconds }: Extract<ClientMessage, { event: 'pause' }>, from: SessionPeer): void {
    if (this.#turnAborted) return;
    if (this.#state !== 'listening') {
      // A repetition after a resume.
      if (seq <= this.receivedThrough) return;
      return this.#strike(from, 'not_listening', 'pause while idle: send start first.');
    }
    this.#strikeOnError(from, () => this.#audio?.pause(seq, seconds));
  }

  #createAudio(): AudioIntake {
    const { limits, log, metrics, monotonicNow } = this.#options;
    return createAudioIntake({
      sessionId: this.id,
      limits,
      monotonicNow,
      log,
      metrics,
      acknowledge: (through) => this.#peer?.send({ event: 'audio_ack', session_id: this.id, through }),
    });
  }

  #beginTurn(): void {
    this.#turns += 1;
    this.#sameConnection = true;
    this.#recorder = this.#options.sink.begin({
      sessionId: this.id,
      userId: this.userId,
      turn: this.#turns,
      startedAt: new Date(this.#options.now()),
    });
    this.#audio ??= this.#createAudio();
    this.#audio.beginTurn(this.#recorder);
    this.#state = 'listening';
    this.#options.log('VOICE_STATE', { session: this.id, state: this.#state, turn: this.#turns });
  }

  /** Ends the turn because the recorder accepts no more audio, and tells the client. */
  #abortTurn(from: SessionPeer): void {
    this.#turnAborted = true;
    void this.#endTurn('interrupted');
    from.send({ event: 'voice_state', session_id: this.id, state: this.#state });
  }

  #endTurn(reason: TurnEnding): Promise<void> {
    const recorder = this.#recorder;
    if (recorder === null) return this.#recordingFinished;
    this.#recorder = null;
    this.#audio?.endTurn();
    this.#state = 'idle';
    this.#options.log('VOICE_STATE', { session: this.id, state: this.#state, turn: this.#turns });
    this.#recordingFinished = this.#finish(recorder, reason);
    return this.#recordingFinished;
  }

  async #finish(recorder: TurnRecorder, reason: TurnEnding): Promise<void> {
    try {
      await recorder.finish(reason);
    } catch (error) {
      // The recordings module has logged the cause. Here the client is told that the recording is incomplete.
      const code = error instanceof EarshotError ? error.code : 'recording_failed';
      this.#sendError(this.#peer, code, describeError(error), true);
    }
  }

  /** Calls `handle` and turns a protocol error that it throws into a strike. */
  #strikeOnError(from: SessionPeer, handle: () => void): void {
    try {
      handle();
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      this.#strike(from, error.code, error.message);
    }
  }

  /** Counts a strike: for the session if it comes from the active connection, otherwise for that connection alone. */
  #strike(from: SessionPeer, code: string, message: string): void {
    this.#warn(code, message);
    this.#sendError(from, code, message, false);
    const strikes = from === this.#peer ? ++this.#strikes : ++from.strikes;
    if (strikes >= this.#options.limits.strikes) from.onStrikeLimit();
  }

  /**
   * Sends an `error` message; `sanitise` makes the text a single line that is safe to show and within the length limit.
   */
  #sendError(to: SessionPeer | null, code: string, message: string, retryable: boolean): void {
    to?.send({ event: 'error', session_id: this.id, code, message: sanitise(message), retryable });
  }

  #warn(type: string, detail: string): void {
    this.#options.log('WARNING', { session: this.id, type, detail });
  }
}
