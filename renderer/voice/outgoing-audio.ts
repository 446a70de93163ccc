import { FRAME_MS, FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import { MicrophoneNotes } from './microphone-notes.ts';

/** Most audio that is kept, waiting or not acknowledged: 30 s. Beyond it the oldest is dropped, and the gap is told. */
const MAX_KEPT_FRAMES = 30 * FRAMES_PER_SECOND;
/** Most frames of one gap: 58 s. The server takes no gap over 60 s for one, and an outage may lie beside it. */
const MAX_SKIPPED_FRAMES = 58 * FRAMES_PER_SECOND;
/** Above this many bytes in the socket (2 s of audio) frames wait here, where their number is bounded. */
const MAX_SOCKET_BYTES = 64 * 1024;

/** The one way by which frames leave: where they go, and how much is still on its way. */
export interface AudioGate {
  readonly bufferedAmount: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** @returns whether it left */
  say(message: ClientMessage): boolean;
}

interface Captured {
  /** Null: 20 ms that were not captured. They have a number and never leave, so that the server sees the gap. */
  pcm: Int16Array | null;
  /** When, in ms of any steady clock. */
  at: number;
  /** Which microphone it is from, and how that is heard; null: not told. */
  microphone: MicrophoneState | null;
}

/**
 * Frames on their way from the microphone to a session.
 *
 *   push ──> waiting ──(the session listens)──> kept, numbered ──> sent ──> acknowledged, forgotten
 *
 * What is kept outlives a connection and leaves once more when its session is taken up again; nothing of one session is ever
 * sent in another.
 */
export class OutgoingAudio {
  /** Captured for the next session that listens. */
  private waiting: Captured[] = [];
  /** Of this session and not acknowledged yet, in order. */
  private kept: Array<Captured & { seq: number }> = [];
  private numbering = false;
  private gate: AudioGate | null = null;
  private nextSeq = 0;
  /** Last seq that left on this connection, or that the server held when it began. */
  private sentThrough = -1;
  /** Last seq that ever left in this session. */
  private everSent = -1;
  private ackedThrough = -1;
  private firstAt: number | null = null;
  private lost = 0;
  /** Numbers of frames that were given up and will be a gap in the recording: [first, last], not acknowledged yet. */
  private gaps: Array<[number, number]> = [];
  /** What the microphone does at the moment. */
  private microphone: MicrophoneState | null = null;
  /** Frames that were not captured, in a row. */
  private skipped = 0;
  private readonly notes = new MicrophoneNotes();

  /** Audio that will never be heard, in ms, since the last `resetLoss`. */
  get lostMs(): number {
    return this.lost;
  }

  /** Last seq of this session that left, -1 if none. */
  get through(): number {
    return this.everSent;
  }

  /** Last seq of this session that the server holds, -1 if none. */
  get acknowledged(): number {
    return this.ackedThrough;
  }

  /**
   * Takes one captured frame.
   * @param at when it was captured, in ms of any steady clock
   */
  push(pcm: Int16Array, at: number): void {
    this.skipped = 0;
    this.keep({ pcm, at, microphone: this.microphone });
  }

  /**
   * From the next frame on this microphone is heard, in this state. A session that listens is told at once, since no more
   * frames may come for a while; else it goes with the frames. Null: another microphone begins, and has told nothing yet.
   */
  setMicrophone(state: MicrophoneState | null): void {
    this.microphone = state;
    if (this.numbering) this.notes.note(this.nextSeq, state, this.gate);
  }

  /**
   * Takes note of audio that was not captured: a gap of this length, to the nearest frame.
   * @param ms its length; what is over `MAX_SKIPPED_FRAMES` is told as lost and left out
   * @param at when the next frame is captured, in ms of the clock of `push`
   */
  skip(ms: number, at: number): void {
    const frames = Math.round(ms / FRAME_MS);
    const kept = Math.min(frames, MAX_SKIPPED_FRAMES);
    this.lost += (frames - kept) * FRAME_MS;
    for (let i = 0; i < kept; i++) {
      // Of a gap that goes on, as a microphone's that sends nothing for a minute, a frame of silence leaves before it is too long.
      const isTooLong = this.skipped === MAX_SKIPPED_FRAMES;
      this.skipped = isTooLong ? 0 : this.skipped + 1;
      const pcm = isTooLong ? new Int16Array(FRAME_SAMPLES) : null;
      this.keep({ pcm, at, microphone: this.microphone });
    }
  }

  private keep(frame: Captured): void {
    if (this.numbering) this.number(frame);
    else this.waiting.push(frame);
    this.drain();
    if (this.kept.length + this.waiting.length <= MAX_KEPT_FRAMES) return;
    // A frame of the session may be with the server already: whether it is lost shows when the next one is sent.
    if (this.kept.shift() !== undefined) return;
    this.waiting.shift();
    this.lost += FRAME_MS;
  }

  /** The session listens: what waited is its first audio, then each frame as it comes. */
  open(gate: AudioGate): void {
    this.numbering = true;
    this.gate = gate;
    for (const frame of this.waiting.splice(0)) this.number(frame);
    this.notes.note(this.nextSeq, this.microphone, gate);
    this.drain();
  }

  /** The connection is gone: frames of the session are kept until it is taken up again. */
  hold(): void {
    this.gate = null;
  }

  /** Whether a server that has heard this session can hold exactly this much of it. */
  canHold(through: number): boolean {
    return through >= this.ackedThrough && through <= this.everSent;
  }

  /**
   * The session was taken up again: every frame after `through` leaves once more, in order.
   * @param through last seq that the server holds; one of which `canHold` is true
   */
  resume(gate: AudioGate, through: number): void {
    this.forget(through);
    this.sentThrough = through;
    this.gate = gate;
    this.notes.sayAgain(gate);
    this.drain(this.numbering ? MAX_SOCKET_BYTES : Number.POSITIVE_INFINITY);
  }

  /** The turn has ended: all of it leaves, however much; what comes later waits for the next session. */
  seal(): void {
    this.numbering = false;
    this.notes.endTurn();
    this.drain(Number.POSITIVE_INFINITY);
  }

  /**
   * Forgets what the server holds, also what it got by a former connection after this one's welcome had been sent.
   * @returns false where it acknowledges what it was never sent: a protocol error, and nothing is forgotten
   */
  acknowledge(through: number): boolean {
    if (through > this.everSent) return false;
    this.forget(through);
    this.sentThrough = Math.max(this.sentThrough, through);
    return true;
  }

  /**
   * The session is over: what it did not acknowledge is lost, and the next one counts from 0.
   * @param closing this side closes a connection that stands: what was sent on it arrives before the close does, so that
   *   only what was not sent yet is lost
   */
  endSession({ closing = false } = {}): void {
    if (closing && this.gate !== null) this.forget(this.sentThrough);
    const told = this.gaps.reduce((sum, [first, last]) => sum + last - Math.max(first, this.ackedThrough + 1) + 1, 0);
    this.lost += (this.nextSeq - 1 - this.ackedThrough - told) * FRAME_MS;
    this.kept = [];
    this.gaps = [];
    this.notes.endSession();
    this.numbering = false;
    this.gate = null;
    this.nextSeq = 0;
    this.sentThrough = this.everSent = this.ackedThrough = -1;
    this.firstAt = null;
  }

  /** Forgets what waits for a session. @returns its length in ms */
  drop(): number {
    const ms = this.waiting.length * FRAME_MS;
    this.waiting = [];
    return ms;
  }

  /** A new press: the account of losses begins anew. */
  resetLoss(): void {
    this.lost = 0;
  }

  /** Counts audio that its speaker can't get back. */
  addLoss(ms: number): void {
    this.lost += ms;
  }

  private forget(through: number): void {
    if (through <= this.ackedThrough) return;
    this.ackedThrough = through;
    const first = this.kept.findIndex(({ seq }) => seq > through);
    this.kept.splice(0, first < 0 ? this.kept.length : first);
    this.gaps = this.gaps.filter(([, last]) => last > through);
    this.notes.forget(through);
  }

  private number(frame: Captured): void {
    this.firstAt ??= frame.at;
    this.notes.note(this.nextSeq, frame.microphone, this.gate);
    this.kept.push({ ...frame, seq: this.nextSeq++ });
  }

  private drain(maxBytes = MAX_SOCKET_BYTES): void {
    const { gate } = this;
    const last = this.kept.at(-1);
    if (gate === null || last === undefined || last.seq <= this.sentThrough) return;
    // Seqs in `kept` have no holes: the first one not sent yet is found by its number.
    const from = Math.max(this.sentThrough + 1 - (this.kept[0]?.seq ?? 0), 0);
    for (let i = from; i < this.kept.length && gate.bufferedAmount < maxBytes; i++) {
      const frame = this.kept[i];
      if (frame === undefined) return;
      if (frame.pcm === null) continue;
      if (frame.seq > this.sentThrough + 1) this.tellGap(this.sentThrough + 1, frame.seq - 1);
      gate.send(encodeAudioFrame(frame.seq, frame.at - (this.firstAt ?? frame.at), frame.pcm));
      this.sentThrough = frame.seq;
      this.everSent = Math.max(this.everSent, frame.seq);
    }
  }

  /** Frames that were dropped before they could leave: the server will see a gap. */
  private tellGap(first: number, last: number): void {
    // Told once, also when the frame behind the gap leaves a second time.
    const from = Math.max(first, (this.gaps.at(-1)?.[1] ?? -1) + 1);
    if (from > last) return;
    this.gaps.push([from, last]);
    this.lost += (last - from + 1) * FRAME_MS;
  }
}
