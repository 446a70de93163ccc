import { FRAME_MS, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';

/** Most audio that waits for a connection: 30 s. Older than that it is dropped, and the loss is told. */
const MAX_WAITING_FRAMES = 30 * FRAMES_PER_SECOND;
/** Above this many bytes in the socket (2 s of audio) frames wait here, where their number is bounded. */
const MAX_SOCKET_BYTES = 64 * 1024;

/** The one way by which frames leave: where they go, and how much is still on its way. */
export interface AudioGate {
  readonly bufferedAmount: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
}

/**
 * Frames on their way from the microphone to a session. Before `start` is sent they wait; then they leave in order,
 * numbered from 0 in each session. Nothing that was sent in one session is ever sent in another.
 */
export class OutgoingAudio {
  private waiting: Array<{ pcm: Int16Array; at: number }> = [];
  private gate: AudioGate | null = null;
  private nextSeq = 0;
  private ackedThrough = -1;
  private firstAt: number | null = null;
  private lost = 0;
  /** Numbers of this session that were used up by frames which never left: the server will see gaps. */
  private skipped: number[] = [];

  /** Audio that will never be heard, in ms: sent and not acknowledged when its session ended, or waited for too long. */
  get lostMs(): number {
    return this.lost;
  }

  /** Last seq of this session that has been used, -1 if none. */
  get through(): number {
    return this.nextSeq - 1;
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
    this.waiting.push({ pcm, at });
    this.drain();
    if (this.waiting.length <= MAX_WAITING_FRAMES) return;
    this.waiting.shift();
    this.lost += FRAME_MS;
    // In a session the number is used up, so that the server hears of the gap.
    if (this.gate !== null) this.skipped.push(this.nextSeq++);
  }

  /** `start` has been sent: what waited follows at once, then each frame as it comes. */
  open(gate: AudioGate): void {
    this.gate = gate;
    this.drain();
  }

  /** `stop` is about to be sent: everything leaves before it, however much. */
  close(): void {
    this.drain(Number.POSITIVE_INFINITY);
    this.gate = null;
  }

  acknowledge(through: number): void {
    // What was never sent can't have been heard.
    this.ackedThrough = Math.max(this.ackedThrough, Math.min(through, this.through));
    this.skipped = this.skipped.filter((seq) => seq > this.ackedThrough);
  }

  /** The session is over: what it did not acknowledge is lost, and the next one counts from 0. */
  endSession(): void {
    this.lost += (this.through - this.ackedThrough - this.skipped.length) * FRAME_MS;
    this.skipped = [];
    this.gate = null;
    this.nextSeq = 0;
    this.ackedThrough = -1;
    this.firstAt = null;
  }

  /** Forgets what waits. @returns its length in ms */
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

  private drain(maxBytes = MAX_SOCKET_BYTES): void {
    const { gate } = this;
    if (gate === null) return;
    while (this.waiting.length > 0 && gate.bufferedAmount < maxBytes) {
      const frame = this.waiting.shift();
      if (frame === undefined) return;
      this.firstAt ??= frame.at;
      gate.send(encodeAudioFrame(this.nextSeq, frame.at - this.firstAt, frame.pcm));
      this.nextSeq += 1;
    }
  }
}
