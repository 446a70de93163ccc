import { FRAME_MS, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import { FrameNotes } from './frame-notes.ts';

/**
 * Limit of bytes buffered in the socket (2 s of audio). Above it frames stay in the bounded buffer of `OutgoingAudio`.
 */
const MAX_SOCKET_BYTES = 64 * 1024;
/** Limit (58 s) of how far a microphone note may precede its frame: the server rejects notes after a gap of 60 s. */
const MAX_FRAMES_AHEAD = 58 * FRAMES_PER_SECOND;

/** The connection that frames and messages are sent on. */
export interface AudioSender {
  readonly bufferedAmount: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** @returns whether the message was sent */
  sendMessage(message: ClientMessage): boolean;
}

export interface Captured {
  /** Null: 20 ms that were not captured. They get a number but are not sent, so that the server sees the gap. */
  pcm: Int16Array | null;
  /** Capture time, in ms of any monotonic clock. */
  at: number;
  /** Microphone and its state; null: not known. */
  microphone: MicrophoneState | null;
  /** How long the user had paused before this frame, in s; 0: not at all. */
  pausedS: number;
}

/**
 * The audio of one session: frames are numbered from 0, sent, and buffered until acknowledged. The buffer survives a
 * lost connection; unacknowledged frames are resent when the session is resumed.
 */
export class SessionAudio {
  /** Unacknowledged frames, in order. */
  #unacknowledged: Array<Captured & { seq: number }> = [];
  #nextSeq = 0;
  /** Last seq sent on this connection, or held by the server when it began. */
  #sentThrough = -1;
  /** Last seq sent on any connection. */
  #lastSent = -1;
  #ackedThrough = -1;
  #firstCapturedAt: number | null = null;
  /** Unacknowledged ranges [first, last] of seqs that were dropped and become gaps in the recording. */
  #gaps: Array<[number, number]> = [];
  /** The turn's last frame has been added: the rest is sent without a size limit. */
  #captureEnded = false;
  readonly #microphone = new FrameNotes<MicrophoneState>((seq, state) => ({ event: 'microphone', seq, ...state }));
  /** The most recent state of the microphone. */
  #lastMicrophone: MicrophoneState | null = null;
  /** Lengths of pauses in s; null: the turn is paused. */
  readonly #pauses = new FrameNotes<number | null>((seq, seconds) => ({ event: 'pause', seq, seconds }));
  #sender: AudioSender | null;
  readonly #onGap: (ms: number) => void;

  /** @param onGap called once per gap in the recording, with its length in ms */
  constructor(sender: AudioSender | null, onGap: (ms: number) => void) {
    this.#sender = sender;
    this.#onGap = onGap;
  }

  /** Last seq that was sent, -1 if none. */
  get through(): number {
    return this.#lastSent;
  }

  /** Last seq that the server holds, -1 if none. */
  get acknowledged(): number {
    return this.#ackedThrough;
  }

  /** Number of buffered frames. */
  get length(): number {
    return this.#unacknowledged.length;
  }

  /** Numbers these frames and sends them as the connection allows. */
  add(...frames: Captured[]): void {
    for (const frame of frames) {
      this.#firstCapturedAt ??= frame.at;
      this.#noteMicrophone(frame.microphone);
      if (frame.pausedS > 0) this.#pauses.note(this.#nextSeq, frame.pausedS);
      this.#unacknowledged.push({ ...frame, seq: this.#nextSeq++ });
    }
    this.#sendPending();
  }

  /** Notes the microphone state that applies from the next frame on. */
  note(microphone: MicrophoneState | null): void {
    this.#noteMicrophone(microphone);
    this.#sendPending();
  }

  /** Notes that the turn is paused; the next frame says for how long. */
  notePause(): void {
    this.#pauses.note(this.#nextSeq, null);
    this.#sendPending();
  }

  /**
   * Drops the oldest frame. The server may hold it already; whether it is lost is known when the next frame is sent.
   */
  dropOldest(): void {
    this.#unacknowledged.shift();
  }

  /** The turn's last frame has been added: sends the rest, however much the socket has buffered. */
  endCapture(): void {
    this.#captureEnded = true;
    this.#sendPending();
  }

  /** The connection is lost. */
  hold(): void {
    this.#sender = null;
  }

  /** Whether the server can hold this session exactly up to `through`. */
  canHold(through: number): boolean {
    return through >= this.#ackedThrough && through <= this.#lastSent;
  }

  /**
   * The session was resumed: resends every frame after `through`, in order.
   * @param through last seq that the server holds; `canHold(through)` must be true
   */
  resume(sender: AudioSender, through: number): void {
    this.#release(through);
    this.#sentThrough = through;
    this.#sender = sender;
    this.#microphone.beginConnection();
    this.#pauses.beginConnection();
    this.#sendPending();
  }

  /**
   * Releases acknowledged frames, including those that reached the server on an earlier connection after this one's
   * welcome.
   * @returns false if the server acknowledges frames that were never sent: a protocol error, and nothing is released
   */
  acknowledge(through: number): boolean {
    if (through > this.#lastSent) return false;
    this.#release(through);
    this.#sentThrough = Math.max(this.#sentThrough, through);
    return true;
  }

  /**
   * Ends the session.
   * @param closing the client closes an open connection: everything sent on it arrives before the close
   * @returns the unacknowledged frames, and how much the recording lacks because of them, in ms, without the gaps that
   *   `onGap` has reported
   */
  end(closing: boolean): { frames: Captured[]; missingMs: number } {
    if (closing && this.#sender !== null) this.#release(this.#sentThrough);
    this.#sender = null;
    const reported = this.#gaps.reduce(
      (sum, [first, last]) => sum + last - Math.max(first, this.#ackedThrough + 1) + 1,
      0,
    );
    return { frames: this.#unacknowledged, missingMs: (this.#nextSeq - 1 - this.#ackedThrough - reported) * FRAME_MS };
  }

  #release(through: number): void {
    if (through <= this.#ackedThrough) return;
    this.#ackedThrough = through;
    const first = this.#unacknowledged.findIndex(({ seq }) => seq > through);
    this.#unacknowledged.splice(0, first < 0 ? this.#unacknowledged.length : first);
    this.#gaps = this.#gaps.filter(([, last]) => last > through);
    this.#microphone.release(through);
    this.#pauses.release(through);
  }

  #noteMicrophone(state: MicrophoneState | null): void {
    if (state === null || isSameMicrophoneState(state, this.#lastMicrophone)) return;
    this.#lastMicrophone = state;
    this.#microphone.note(this.#nextSeq, state);
  }

  #sendPending(): void {
    if (this.#sender === null) return;
    this.#sendFrames(this.#sender);
    // Send the note now, because the next frame may take a while. After the end of the turn no note is needed.
    if (!this.#captureEnded) this.#sendNotes(this.#sentThrough + MAX_FRAMES_AHEAD, this.#sender);
  }

  #sendFrames(sender: AudioSender): void {
    const last = this.#unacknowledged.at(-1);
    if (last === undefined || last.seq <= this.#sentThrough) return;
    const maxBytes = this.#captureEnded ? Number.POSITIVE_INFINITY : MAX_SOCKET_BYTES;
    // Seqs in `#unacknowledged` are contiguous, so the index of the first unsent frame follows from its seq.
    const from = Math.max(this.#sentThrough + 1 - (this.#unacknowledged[0]?.seq ?? 0), 0);
    for (let i = from; i < this.#unacknowledged.length && sender.bufferedAmount < maxBytes; i++) {
      const frame = this.#unacknowledged[i];
      if (frame === undefined) return;
      if (frame.pcm === null) continue;
      this.#sendNotes(frame.seq, sender);
      if (frame.seq > this.#sentThrough + 1) this.#reportGap(this.#sentThrough + 1, frame.seq - 1);
      sender.send(encodeAudioFrame(frame.seq, frame.at - (this.#firstCapturedAt ?? frame.at), frame.pcm));
      this.#sentThrough = frame.seq;
      this.#lastSent = Math.max(this.#lastSent, frame.seq);
    }
  }

  #sendNotes(through: number, sender: AudioSender): void {
    this.#microphone.send(through, sender);
    this.#pauses.send(through, sender);
  }

  /** Reports frames that were dropped before they were sent: the server sees a gap. */
  #reportGap(first: number, last: number): void {
    // Report each gap once, even if the frame after it is resent.
    const from = Math.max(first, (this.#gaps.at(-1)?.[1] ?? -1) + 1);
    if (from > last) return;
    this.#gaps.push([from, last]);
    this.#onGap((last - from + 1) * FRAME_MS);
  }
}
