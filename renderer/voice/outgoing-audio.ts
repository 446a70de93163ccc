import { FRAME_MS, FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { type AudioGate, type Captured, SessionAudio } from './session-audio.ts';

/**
 * Most audio of a turn that is kept: 37 s, more than the window in which it can be delivered and what an outage lasts before
 * it is noticed. Beyond it the oldest is dropped, and the gap is told. A server takes 2,000 messages at once, and some of them
 * tell of the microphone.
 */
const MAX_KEPT_FRAMES = 37 * FRAMES_PER_SECOND;
/** Most frames of one gap: 58 s. The server takes no gap over 60 s for one, and an outage may lie beside it. */
const MAX_SKIPPED_FRAMES = 58 * FRAMES_PER_SECOND;

/** Audio of a turn that no session will have. */
export interface Undelivered {
  /** Number of the microphone that heard it: a turn has one, and later turns have higher ones. */
  mic: number;
  /** In order, 16-bit mono 16 kHz; null: 20 ms that were not captured. */
  frames: Array<Int16Array | null>;
}

/** What was captured of a turn and is in no session yet. */
interface Turn {
  mic: number;
  frames: Captured[];
  /** Its microphone has been flushed: nothing comes after. */
  sealed: boolean;
}

/**
 * Frames on their way from the microphone to a session, turn by turn.
 *
 *   push ──> the turn that is captured ──(its session listens)──> numbered, sent ──> acknowledged, forgotten
 *
 * A turn that has ended is delivered before the next one has a session; nothing of one session is ever sent in another. What
 * can't be delivered is handed out.
 */
export class OutgoingAudio {
  /** Oldest first: the one that is delivered or spoken, those that wait behind it, and the one that is spoken meanwhile. */
  private turns: Turn[] = [];
  /** Of the first of them. */
  private session: SessionAudio | null = null;
  private mic = 0;
  /** What the microphone does at the moment. */
  private microphone: MicrophoneState | null = null;
  /** Frames that were not captured, in a row. */
  private skipped = 0;
  /** Losses of former microphones are not counted: they were told, or are offered, for their own turn. */
  private countedFrom = 0;
  private lost = 0;
  private handedOut = 0;

  /** @param onUndelivered handed what no session will have, also of former turns */
  constructor(private readonly onUndelivered: (audio: Undelivered) => void) {}

  /** Audio that the recordings of this turn lack, in ms, since the last `resetLoss`. */
  get lostMs(): number {
    return this.lost;
  }

  /** Of `lostMs`: what was handed out. */
  get undeliveredMs(): number {
    return this.handedOut;
  }

  /** Last seq of this session that left, -1 if none. */
  get through(): number {
    return this.session?.through ?? -1;
  }

  /** Last seq of this session that the server holds, -1 if none. */
  get acknowledged(): number {
    return this.session?.acknowledged ?? -1;
  }

  /** From now on this microphone is heard; the former one has been flushed. */
  listenTo(mic: number): void {
    this.mic = mic;
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
    if (this.turns.length === 1 && !this.turns[0]?.sealed) this.session?.note(state);
  }

  /**
   * Takes note of audio that was not captured: a gap of this length, to the nearest frame.
   * @param ms its length; what is over `MAX_SKIPPED_FRAMES` is told as lost and left out
   * @param at when the next frame is captured, in ms of the clock of `push`
   */
  skip(ms: number, at: number): void {
    const frames = Math.round(ms / FRAME_MS);
    const kept = Math.min(frames, MAX_SKIPPED_FRAMES);
    this.lose(this.mic, (frames - kept) * FRAME_MS);
    for (let i = 0; i < kept; i++) {
      // Of a gap that goes on, as a microphone's that sends nothing for a minute, a frame of silence leaves before it is too long.
      const isTooLong = this.skipped === MAX_SKIPPED_FRAMES;
      this.skipped = isTooLong ? 0 : this.skipped + 1;
      const pcm = isTooLong ? new Int16Array(FRAME_SAMPLES) : null;
      this.keep({ pcm, at, microphone: this.microphone });
    }
  }

  /** The session of the oldest turn listens: what waited is its first audio, then each frame as it comes. */
  open(gate: AudioGate): void {
    const turn = this.turns[0] ?? this.capturing();
    this.session = new SessionAudio(gate, (ms) => this.lose(turn.mic, ms));
    if (turn.sealed) this.session.seal();
    this.session.add(...turn.frames.splice(0));
    if (!turn.sealed) this.session.note(this.microphone);
  }

  /** The connection is gone: frames of the session are kept until it is taken up again. */
  hold(): void {
    this.session?.hold();
  }

  /** Whether a server that has heard this session can hold exactly this much of it. */
  canHold(through: number): boolean {
    return this.session?.canHold(through) ?? through === -1;
  }

  /** See `SessionAudio.resume`. */
  resume(gate: AudioGate, through: number): void {
    this.session?.resume(gate, through);
  }

  /** The last frame of the turn that is captured is in: all of it leaves, however much; what comes later is of the next one. */
  seal(): void {
    const turn = this.capturing();
    turn.sealed = true;
    if (turn === this.turns[0]) this.session?.seal();
  }

  /** See `SessionAudio.acknowledge`. */
  acknowledge(through: number): boolean {
    return this.session?.acknowledge(through) ?? through <= -1;
  }

  /**
   * The session is over, and the next one counts from 0.
   * @param turnOver neither will there be another session for its turn
   * @param closing this side closes a connection that stands: see `SessionAudio.end`
   */
  endSession({ turnOver, closing = false }: { turnOver: boolean; closing?: boolean }): void {
    const rest = this.session?.end(closing);
    this.session = null;
    const turn = this.turns[0];
    if (turn === undefined) return;
    if (rest) this.handOut(turn.mic, rest.frames, rest.lackingMs);
    if (turnOver) {
      this.turns.shift();
      this.handOut(turn.mic, turn.frames);
    }
    // Of a turn that was given up nothing is left, and none has begun.
    if (this.turns.length === 1 && !this.turns[0]?.sealed && this.turns[0]?.frames.length === 0) this.turns = [];
  }

  /** Turns that ended and wait behind another one are given up. */
  giveUpBacklog(): void {
    const waiting = this.turns.filter(({ sealed }, i) => i > 0 && sealed);
    this.turns = this.turns.filter((turn) => !waiting.includes(turn));
    for (const { mic, frames } of waiting) this.handOut(mic, frames);
  }

  /**
   * The turn that is captured gets no session.
   * @param keep it is handed out all the same; else nobody wants it
   */
  drop(keep: boolean): void {
    const turn = this.turns.at(-1);
    if (turn === undefined || turn.sealed) return;
    this.turns.pop();
    if (keep) this.handOut(turn.mic, turn.frames);
  }

  /** A new press: the account of losses begins anew, with the next microphone. */
  resetLoss(): void {
    this.lost = this.handedOut = 0;
    this.countedFrom = this.mic + 1;
  }

  private keep(frame: Captured): void {
    const turn = this.capturing();
    if (this.session !== null && turn === this.turns[0]) {
      if (this.session.length === MAX_KEPT_FRAMES) this.session.forgetOldest();
      return this.session.add(frame);
    }
    turn.frames.push(frame);
    if (turn.frames.length <= MAX_KEPT_FRAMES) return;
    turn.frames.shift();
    this.lose(turn.mic, FRAME_MS);
  }

  private capturing(): Turn {
    const last = this.turns.at(-1);
    if (last && !last.sealed) return last;
    const turn = { mic: this.mic, frames: [], sealed: false };
    this.turns.push(turn);
    return turn;
  }

  private handOut(mic: number, captured: Captured[], lackingMs = captured.length * FRAME_MS): void {
    const frames = captured.map(({ pcm }) => pcm);
    this.lose(mic, lackingMs);
    if (frames.every((pcm) => pcm === null)) return;
    if (mic >= this.countedFrom) this.handedOut += Math.min(frames.length * FRAME_MS, lackingMs);
    this.onUndelivered({ mic, frames });
  }

  private lose(mic: number, ms: number): void {
    if (mic >= this.countedFrom) this.lost += ms;
  }
}
