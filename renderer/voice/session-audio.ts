import { FRAME_MS, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import { MicrophoneNotes } from './microphone-notes.ts';

/** Above this many bytes in the socket (2 s of audio) frames wait here, where their number is bounded. */
const MAX_SOCKET_BYTES = 64 * 1024;
/** So many frames ahead of what left a session is told of its microphone: its server takes no message of one after a gap of 60 s. */
const MAX_FRAMES_AHEAD = 58 * FRAMES_PER_SECOND;

/** The one way by which frames leave: where they go, and how much is still on its way. */
export interface AudioGate {
  readonly bufferedAmount: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** @returns whether it left */
  say(message: ClientMessage): boolean;
}

export interface Captured {
  /** Null: 20 ms that were not captured. They have a number and never leave, so that the server sees the gap. */
  pcm: Int16Array | null;
  /** When, in ms of any steady clock. */
  at: number;
  /** Which microphone it is from, and how that is heard; null: not told. */
  microphone: MicrophoneState | null;
}

/**
 * The audio of one session: numbered from 0, sent, and kept until the server holds it. What is kept outlives a connection, and
 * leaves once more when the session is taken up again.
 */
export class SessionAudio {
  /** Not acknowledged yet, in order. */
  private kept: Array<Captured & { seq: number }> = [];
  private nextSeq = 0;
  /** Last seq that left on this connection, or that the server held when it began. */
  private sentThrough = -1;
  /** Last seq that ever left. */
  private everSent = -1;
  private ackedThrough = -1;
  private firstAt: number | null = null;
  /** Numbers of frames that were given up and will be a gap in the recording: [first, last], not acknowledged yet. */
  private gaps: Array<[number, number]> = [];
  /** The turn has ended: all of it leaves, however much. */
  private sealed = false;
  private readonly notes = new MicrophoneNotes();

  /** @param onGap told once of ms that will be a gap in the recording */
  constructor(
    private gate: AudioGate | null,
    private readonly onGap: (ms: number) => void,
  ) {}

  /** Last seq that left, -1 if none. */
  get through(): number {
    return this.everSent;
  }

  /** Last seq that the server holds, -1 if none. */
  get acknowledged(): number {
    return this.ackedThrough;
  }

  /** Frames that are kept. */
  get length(): number {
    return this.kept.length;
  }

  /** Gives these frames the next numbers; they leave as the connection takes them. */
  add(...frames: Captured[]): void {
    for (const frame of frames) {
      this.firstAt ??= frame.at;
      this.notes.note(this.nextSeq, frame.microphone);
      this.kept.push({ ...frame, seq: this.nextSeq++ });
    }
    this.drain();
  }

  /** From the next frame on this is true of the microphone. */
  note(microphone: MicrophoneState | null): void {
    this.notes.note(this.nextSeq, microphone);
    this.drain();
  }

  /** Gives up the oldest frame. The server may hold it already: whether it is lost shows when the next one is sent. */
  forgetOldest(): void {
    this.kept.shift();
  }

  seal(): void {
    this.sealed = true;
    this.drain();
  }

  /** The connection is gone. */
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
    this.notes.beginConnection();
    this.drain();
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
   * The session is over.
   * @param closing this side closes a connection that stands: what was sent on it arrives before the close does
   * @returns what it did not acknowledge, and how much its recording lacks because of it, in ms, without what `onGap` was told
   */
  end(closing: boolean): { frames: Captured[]; lackingMs: number } {
    if (closing && this.gate !== null) this.forget(this.sentThrough);
    this.gate = null;
    const told = this.gaps.reduce((sum, [first, last]) => sum + last - Math.max(first, this.ackedThrough + 1) + 1, 0);
    return { frames: this.kept, lackingMs: (this.nextSeq - 1 - this.ackedThrough - told) * FRAME_MS };
  }

  private forget(through: number): void {
    if (through <= this.ackedThrough) return;
    this.ackedThrough = through;
    const first = this.kept.findIndex(({ seq }) => seq > through);
    this.kept.splice(0, first < 0 ? this.kept.length : first);
    this.gaps = this.gaps.filter(([, last]) => last > through);
    this.notes.forget(through);
  }

  private drain(): void {
    if (this.gate === null) return;
    this.sendFrames(this.gate);
    // No frame may come for a while. After the end of a turn none will, and there is nothing to be told of.
    if (!this.sealed) this.notes.say(this.sentThrough + MAX_FRAMES_AHEAD, this.gate);
  }

  private sendFrames(gate: AudioGate): void {
    const last = this.kept.at(-1);
    if (last === undefined || last.seq <= this.sentThrough) return;
    const maxBytes = this.sealed ? Number.POSITIVE_INFINITY : MAX_SOCKET_BYTES;
    // Seqs in `kept` have no holes: the first one not sent yet is found by its number.
    const from = Math.max(this.sentThrough + 1 - (this.kept[0]?.seq ?? 0), 0);
    for (let i = from; i < this.kept.length && gate.bufferedAmount < maxBytes; i++) {
      const frame = this.kept[i];
      if (frame === undefined) return;
      if (frame.pcm === null) continue;
      this.notes.say(frame.seq, gate);
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
    this.onGap((last - from + 1) * FRAME_MS);
  }
}
