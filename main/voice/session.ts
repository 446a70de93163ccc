import { FULL_FRAME_BYTES } from '../../shared/audio-frame.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { type Log, sanitise } from '../../shared/log-event.ts';
import { microphoneLabel } from '../../shared/microphone-state.ts';
import { type ClientMessage, parseClientMessage, type ServerMessage, type VoiceState } from '../../shared/protocol.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { type AudioIntake, createAudioIntake } from './audio-intake.ts';
import type { Limits } from './limits.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import type { TurnEnding, TurnRecorder, TurnSink } from './turn-sink.ts';

/** Unknown events of one session that are logged; a peer that sends more is only ignored. */
const UNKNOWN_LOGGED = 5;

/** How many frames a message of so many bytes counts for: each message for one at least. */
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

/** One connection, as its session sees it. */
export interface SessionPeer {
  /** Strikes before its `ready`. They become the session's with it. */
  strikes: number;
  send(message: ServerMessage): void;
  /**
   * The client's first `ready`, or another copy of it.
   * @param proof its answer to the welcome's challenge
   * @returns `too early`: there was no welcome that it could answer; `unproven`: it does not know the secret
   */
  ready(proof: string): 'accepted' | 'too early' | 'unproven';
  /** Too many strikes: it is to be closed. */
  onStrikeLimit(): void;
}

/**
 * What is said in one session: before `ready` only `ping` is answered; then `start`, audio, `stop`, as often as wanted.
 * It knows nothing of sockets, so that it outlives one: its turn, its order of audio and its strikes stay. Each connection
 * has to answer its own welcome, and until then nothing that it says changes anything here.
 */
export class Session {
  readonly id: string;
  readonly userId: string;
  private readonly options: SessionOptions;
  /** Made by the first turn: a welcome need not wait for it. */
  private audio: AudioIntake | null = null;
  private readonly inbound: TokenBucket;
  /** The connection that speaks for the client: it has answered its welcome. */
  private peer: SessionPeer | null = null;
  private state: VoiceState = 'idle';
  private turns = 0;
  private recorder: TurnRecorder | null = null;
  /** Settles when the recording of the last turn that ended is finished. Never rejects. */
  private finished: Promise<void> = Promise.resolve();
  /** The session ended the turn by itself, and its client may not know yet. */
  private gaveUp = false;
  /** Whether the turn has stood on one connection since it began. */
  private unbroken = true;
  private strikes = 0;
  private unknown = 0;

  constructor(options: SessionOptions) {
    this.options = options;
    this.id = options.id;
    this.userId = options.userId;
    const { limits, monotonicNow } = options;
    this.inbound = createTokenBucket({
      perSecond: limits.inboundPerSecond,
      burst: limits.inboundBurst,
      now: monotonicNow,
    });
  }

  /** Last audio seq held, -1 if none. */
  get receivedThrough(): number {
    return this.audio?.heldThrough ?? -1;
  }

  get voiceState(): VoiceState {
    return this.state;
  }

  /**
   * A connection has answered its welcome: it speaks for the client, in place of the one before.
   * @param told last audio seq held, as its welcome said
   */
  attach(peer: SessionPeer, told: number): void {
    this.peer = peer;
    this.unbroken = false;
    this.audio?.markAcknowledged(told);
    this.strikes += peer.strikes;
    if (this.strikes >= this.options.limits.strikes) peer.onStrikeLimit();
  }

  /** The connection has gone: what the session has to say until the next one comes is said to nobody. */
  detach(): void {
    this.peer = null;
  }

  /**
   * Counts what came in, of whatever kind: its pace belongs to the session and not to a connection, or whoever connects anew
   * would begin anew.
   * @returns false: more than any microphone says; the peer floods
   */
  consumeRateLimit(bytes: number): boolean {
    return this.inbound.take(frameCount(bytes));
  }

  /** A text frame. Never throws. */
  onText(text: string, from: SessionPeer): void {
    const parsed = parseClientMessage(text);
    if (parsed.kind === 'unknown') {
      if (this.unknown++ < UNKNOWN_LOGGED) this.warn('unknown_event', parsed.event);
      return;
    }
    if (parsed.kind === 'malformed') {
      this.strike(from, 'bad_message', `Malformed message: ${parsed.reason}.`);
      return;
    }
    const { message } = parsed;
    this.options.log(
      'WS_RECV',
      { session: this.id, event: message.event },
      message.event === 'ping' || message.event === 'microphone' ? 'debug' : 'info',
    );
    this.handle(message, from);
  }

  /** A binary frame: audio. Never throws. */
  onBinary(bytes: Uint8Array, from: SessionPeer): void {
    if (from !== this.peer) return this.strike(from, 'not_ready', 'Audio before ready: answer the welcome first.');
    // What was on its way when the session itself ended the turn is nobody's mistake.
    if (this.gaveUp) return;
    this.orStrike(from, () => {
      if (this.state === 'listening') {
        if (this.audio?.take(bytes) === false) this.giveUp(from);
      } else if (this.audio?.takeRepeated(bytes) !== true) {
        // Sent again after a resume is nobody's mistake either: the former connection had brought it, and the stop behind it.
        this.strike(from, 'not_listening', 'Audio while idle: send start first.');
      }
    });
  }

  /** Tells its client what is held of the turn, before the connection is closed: the client counts the rest as lost. */
  acknowledge(): void {
    this.audio?.acknowledge();
  }

  /** Ends a turn that is still open. @returns when its recording is finished, or that of a turn that was stopped before */
  end(): Promise<void> {
    return this.endTurn('interrupted');
  }

  private handle(message: ClientMessage, from: SessionPeer): void {
    if (message.event === 'ping') {
      from.send({
        event: 'pong',
        id: message.id,
        client_time: message.client_time,
        server_time: this.options.now(),
      });
      return;
    }
    if (message.event === 'ready') {
      if (message.session_id !== this.id) return this.strike(from, 'bad_message', 'ready names another session.');
      // Whoever holds the connections attaches it.
      const answer = from.ready(message.proof);
      if (answer === 'too early') this.strike(from, 'not_ready', 'ready before the welcome.');
      if (answer === 'unproven') this.strike(from, 'not_proven', 'ready does not answer the challenge of the welcome.');
      return;
    }
    if (from !== this.peer) {
      return this.strike(from, 'not_ready', `${message.event} before ready: answer the welcome first.`);
    }
    if (message.event === 'microphone') return this.onMicrophone(message, from);
    if (message.event === 'start' || message.event === 'stop') this.gaveUp = false;
    if (message.event === 'start' && this.state === 'idle') this.beginTurn();
    if (message.event === 'stop' && this.state === 'listening')
      void this.endTurn(this.unbroken ? 'stopped' : 'interrupted');
    // A repeated start or stop changes nothing and is answered all the same: its sender missed the first answer.
    from.send({ event: 'voice_state', session_id: this.id, state: this.state });
  }

  private onMicrophone(message: Extract<ClientMessage, { event: 'microphone' }>, from: SessionPeer): void {
    if (this.gaveUp) return;
    const { seq, label, status, instead_of } = message;
    if (this.state !== 'listening') {
      // Of a frame that is held it was told before.
      if (seq <= this.receivedThrough) return;
      return this.strike(from, 'not_listening', 'microphone while idle: send start first.');
    }
    this.orStrike(from, () =>
      this.audio?.microphone(seq, {
        label: microphoneLabel(label),
        status,
        instead_of: instead_of === null ? null : microphoneLabel(instead_of),
      }),
    );
  }

  private createAudio(): AudioIntake {
    const { limits, log, metrics, monotonicNow } = this.options;
    return createAudioIntake({
      sessionId: this.id,
      limits,
      monotonicNow,
      log,
      metrics,
      acknowledge: (through) => this.peer?.send({ event: 'audio_ack', session_id: this.id, through }),
    });
  }

  private beginTurn(): void {
    this.turns += 1;
    this.unbroken = true;
    this.recorder = this.options.sink.begin({
      sessionId: this.id,
      userId: this.userId,
      turn: this.turns,
      startedAt: new Date(this.options.now()),
    });
    this.audio ??= this.createAudio();
    this.audio.beginTurn(this.recorder);
    this.state = 'listening';
    this.options.log('VOICE_STATE', { session: this.id, state: this.state, turn: this.turns });
  }

  /** The recorder keeps no more of this turn: it ends here, and the client is told instead of being heard in vain. */
  private giveUp(from: SessionPeer): void {
    this.gaveUp = true;
    void this.endTurn('interrupted');
    from.send({ event: 'voice_state', session_id: this.id, state: this.state });
  }

  private endTurn(ending: TurnEnding): Promise<void> {
    const { recorder } = this;
    if (recorder === null) return this.finished;
    this.recorder = null;
    this.audio?.endTurn();
    this.state = 'idle';
    this.options.log('VOICE_STATE', { session: this.id, state: this.state, turn: this.turns });
    this.finished = this.finish(recorder, ending);
    return this.finished;
  }

  private async finish(recorder: TurnRecorder, ending: TurnEnding): Promise<void> {
    try {
      await recorder.finish(ending);
    } catch (error) {
      // The log has the reason from whoever keeps the recordings; here the client learns that it is not whole.
      const code = error instanceof EarshotError ? error.code : 'recording_failed';
      this.complain(this.peer, code, describeError(error), true);
    }
  }

  /** What breaks a rule of the protocol is a strike. */
  private orStrike(from: SessionPeer, handle: () => void): void {
    try {
      handle();
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      this.strike(from, error.code, error.message);
    }
  }

  /** A connection that has not answered its welcome has strikes of its own: they cost the session nothing. */
  private strike(from: SessionPeer, code: string, message: string): void {
    this.warn(code, message);
    this.complain(from, code, message, false);
    const strikes = from === this.peer ? ++this.strikes : ++from.strikes;
    if (strikes >= this.options.limits.strikes) from.onStrikeLimit();
  }

  /** Tells the client, in one line that is safe to show and as long as the protocol lets it be. */
  private complain(to: SessionPeer | null, code: string, message: string, retryable: boolean): void {
    to?.send({ event: 'error', session_id: this.id, code, message: sanitise(message), retryable });
  }

  private warn(type: string, detail: string): void {
    this.options.log('WARNING', { session: this.id, type, detail });
  }
}
