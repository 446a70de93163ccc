import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import { createClientProof, sign } from '../../shared/client-proof.ts';
import { NOTHING_TO_RESUME, nothingToResumeReason, signedText } from '../../shared/proof.ts';
import { CLOSE, type ServerMessage } from '../../shared/protocol.ts';

/** Values of the standard: https://websockets.spec.whatwg.org/#dom-websocket-readystate */
export const CONNECTING = 0;
const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;

/** Part of every resume token of a fake welcome, so that a test can search for all of them at once. */
export const RESUME_SECRET = 'resume-secret';
/** The launch's secret and the origin of the client's page. */
export const TOKEN = 'secret-of-this-launch_0123456789';
export const ORIGIN = 'http://127.0.0.1:4000';
/** Challenge of every fake welcome. */
const CHALLENGE = 'challenge-of-a-welcome';
let welcomes = 0;

export interface SentFrame {
  seq: number;
  pcm: number[];
}

/** A browser's socket whose peer is the test. */
export class FakeVoiceSocket {
  static readonly OPEN = OPEN;
  readyState = CONNECTING;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  /** Everything passed to `send`, in order. */
  readonly raw: Array<string | Uint8Array> = [];
  /** The same, decoded: the name of an event, or a frame. */
  readonly sent: Array<string | SentFrame> = [];
  /** The text messages. */
  readonly messages: Array<Record<string, unknown>> = [];
  readonly closes: number[] = [];
  sessionId = '';
  /** The secret that the server knows. */
  secret = TOKEN;
  /** The resume token of the last welcome. */
  token = '';
  onSent: (what: string) => void = () => undefined;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(data: string | Uint8Array): void {
    if (this.readyState !== OPEN) throw new Error('InvalidStateError');
    this.raw.push(data);
    if (typeof data !== 'string') {
      const { seq, pcm } = decodeAudioFrame(data);
      const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      const samples = Array.from({ length: pcm.byteLength / 2 }, (_, i) => view.getInt16(i * 2, true));
      this.sent.push({ seq, pcm: samples });
      return;
    }
    const message = JSON.parse(data) as { event: string };
    const { event } = message;
    this.messages.push(message);
    this.sent.push(event);
    this.onSent(event);
  }
  close(code: number): void {
    if (code !== 1000 && (code < 3000 || code > 4999)) throw new Error('InvalidAccessError');
    this.closes.push(code);
    if (this.readyState < CLOSING) {
      this.readyState = CLOSING;
      this.onSent('close');
    }
  }

  /** The subprotocols that a client with these secrets offers on this socket. */
  offerOf(secret: string, resumeToken?: string): string[] {
    const { url } = this;
    const nonce = this.#nonce;
    return createClientProof({ secret, url, origin: ORIGIN, protocol: 'voice.v1', resumeToken, nonce }).protocols;
  }
  /** The host proof of a peer that knows this secret. */
  proofOf(secret: string, subject: string): string {
    const { host, pathname: path } = new URL(this.url);
    return sign(secret, signedText('host', { path, host, origin: ORIGIN, nonce: this.#nonce }, subject));
  }
  /** The answer to the welcome's challenge of a client that knows this secret. */
  answerOf(secret: string): string {
    const { host, pathname: path } = new URL(this.url);
    return sign(secret, signedText('answer', { path, host, origin: ORIGIN, nonce: this.#nonce }, CHALLENGE));
  }
  get #nonce(): string {
    return this.protocols[1]?.split('.')[1] ?? '';
  }

  /** The upgrade succeeds. */
  open(): this {
    this.readyState = OPEN;
    this.onopen?.();
    return this;
  }
  receive(message: ServerMessage): this {
    this.onmessage?.({ data: JSON.stringify(message) });
    return this;
  }
  /** @param resumed the last seq that the server holds of a resumed session; null: a new session */
  welcome(sessionId: string, attempt = 1, resumed: number | null = null): this {
    this.sessionId = sessionId;
    this.token = `${RESUME_SECRET}-${++welcomes}`;
    return this.receive({
      event: 'connected',
      session_id: sessionId,
      user_id: 'ada',
      protocol: 'voice.v1',
      proof: this.proofOf(this.secret, sessionId),
      challenge: CHALLENGE,
      attempt,
      resumed: resumed !== null,
      resume_token: this.token,
      received_through: resumed ?? -1,
      heartbeat_ms: 15_000,
      resume_window_ms: 30_000,
      audio: { encoding: 'pcm_s16le', sample_rate: 16_000, channels: 1, frame_ms: 20 },
    });
  }
  /** Resumes the session, which the server holds up to `through`. */
  resume(sessionId: string, through: number): this {
    return this.welcome(sessionId, 1, through);
  }
  answer(state: 'idle' | 'listening'): this {
    return this.receive({ event: 'voice_state', session_id: this.sessionId, state });
  }
  acknowledge(through: number): this {
    return this.receive({ event: 'audio_ack', session_id: this.sessionId, through });
  }
  pong(id = 1): this {
    return this.receive({ event: 'pong', id, client_time: 0, server_time: 0 });
  }
  /** @param reason default: the server's reason for the code */
  end(code: number, reason = this.#reasonOf(code)): this {
    this.readyState = CLOSED;
    this.onclose?.({ code, reason });
    return this;
  }
  #reasonOf(code: number): string {
    return code === CLOSE.nothingToResume ? nothingToResumeReason(this.proofOf(this.secret, NOTHING_TO_RESUME)) : '';
  }
  /** Browsers report only 1006 if an upgrade is refused or nothing listens on the port. */
  refuse(): this {
    this.onerror?.();
    return this.end(1006);
  }

  get live(): boolean {
    return this.readyState === CONNECTING || this.readyState === OPEN;
  }
  get sentEvents(): string[] {
    return this.sent.filter((what) => typeof what === 'string');
  }
  get frames(): SentFrame[] {
    return this.sent.filter((what) => typeof what !== 'string');
  }
}
