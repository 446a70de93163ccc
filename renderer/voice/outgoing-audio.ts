import { FRAME_MS, FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { type AudioSender, type Captured, SessionAudio } from './session-audio.ts';

/**
 * Maximum buffered audio per turn: 37 s, which covers the resume window plus the time until an outage is detected. When
 * the buffer is full, the oldest frame is dropped and the gap is reported. The server accepts a burst of 2,000
 * messages, microphone messages included; 37 s are 1,850 frames.
 */
const MAX_KEPT_FRAMES = 37 * FRAMES_PER_SECOND;
/** Maximum frames of one gap: 58 s. The server rejects gaps over 60 s, and an outage may adjoin the gap. */
const MAX_GAP_FRAMES = 58 * FRAMES_PER_SECOND;

/** Audio of a turn that could not be delivered to any session. */
export interface Undelivered {
  /** Number of the microphone that captured it. Each turn has one; later turns have higher numbers. */
  mic: number;
  /** Frames of 20 ms in order, 16-bit mono 16 kHz; null: not captured. */
  frames: Array<Int16Array | null>;
}

/** Captured audio of a turn that is in no session yet. */
interface Turn {
  mic: number;
  frames: Captured[];
  /** The turn's microphone has been flushed; no more frames follow. */
  captureEnded: boolean;
}

/**
 * Buffers captured frames by turn and sends them to the session of their turn.
 *
 *   push ──> turn being captured ──(its session listens)──> numbered, sent ──> acknowledged, released
 *
 * Turns are delivered one after the other. Audio of one session is never sent in another. Undeliverable audio is passed
 * to `onUndelivered`.
 */
export class OutgoingAudio {
  /** Oldest first: the turn being delivered, the backlog, and the turn being captured. */
  #turns: Turn[] = [];
  /** Session of the first turn. */
  #session: SessionAudio | null = null;
  #mic = 0;
  /** Current state of the microphone. */
  #microphone: MicrophoneState | null = null;
  /** The user has paused the turn being captured. */
  #paused = false;
  /** Length of pauses before the next frame, in s. */
  #pausedS = 0;
  /** Consecutive frames that were not captured. */
  #gapFrames = 0;
  /** Losses of microphones with a lower number belong to earlier turns and are not counted. */
  #countedFrom = 0;
  #lost = 0;
  #undelivered = 0;
  readonly #onUndelivered: (audio: Undelivered) => void;

  /** @param onUndelivered receives audio that can't be delivered, including that of earlier turns */
  constructor(onUndelivered: (audio: Undelivered) => void) {
    this.#onUndelivered = onUndelivered;
  }

  /** Audio missing from the recordings of this turn since the last `resetLoss`, in ms. */
  get lostMs(): number {
    return this.#lost;
  }

  /** Part of `lostMs` that was passed to `onUndelivered`, in ms. */
  get undeliveredMs(): number {
    return this.#undelivered;
  }

  /** Last seq of this session that was sent, -1 if none. */
  get through(): number {
    return this.#session?.through ?? -1;
  }

  /** Last seq of this session that the server holds, -1 if none. */
  get acknowledged(): number {
    return this.#session?.acknowledged ?? -1;
  }

  /** Switches to another microphone; the previous one has been flushed. */
  switchMicrophone(mic: number): void {
    this.#mic = mic;
    this.#paused = false;
    this.#pausedS = 0;
  }

  /**
   * Adds one captured frame.
   * @param at capture time, in ms of any monotonic clock
   */
  push(pcm: Int16Array, at: number): void {
    this.#gapFrames = 0;
    this.#buffer(pcm, at);
  }

  /**
   * Sets the microphone state that applies from the next frame on. A listening session is notified immediately, because
   * the next frame may take a while; otherwise the state is sent with the frames. Null: another microphone is being
   * opened.
   */
  setMicrophone(state: MicrophoneState | null): void {
    this.#microphone = state;
    this.#listeningSession()?.note(state);
  }

  /** The user has paused the turn: no frame follows until it goes on. A listening session is notified immediately. */
  pause(): void {
    this.#paused = true;
    this.#listeningSession()?.notePause();
  }

  /** The turn goes on. @param seconds length of the pause */
  continue(seconds: number): void {
    this.#paused = false;
    this.#pausedS += seconds;
  }

  /**
   * Adds a gap of audio that was not captured, rounded to whole frames.
   * @param ms length of the gap; anything over `MAX_GAP_FRAMES` is counted as lost and left out
   * @param at capture time of the next frame, in ms of the clock of `push`
   */
  addGap(ms: number, at: number): void {
    const frames = Math.round(ms / FRAME_MS);
    const counted = Math.min(frames, MAX_GAP_FRAMES);
    this.#addLoss(this.#mic, (frames - counted) * FRAME_MS);
    for (let i = 0; i < counted; i++) {
      // Split a long gap with a frame of silence before it exceeds the server's limit.
      const isTooLong = this.#gapFrames === MAX_GAP_FRAMES;
      this.#gapFrames = isTooLong ? 0 : this.#gapFrames + 1;
      const pcm = isTooLong ? new Int16Array(FRAME_SAMPLES) : null;
      this.#buffer(pcm, at);
    }
  }

  /** The session of the oldest turn listens: sends its buffered frames, then each frame as it arrives. */
  open(sender: AudioSender): void {
    const turn = this.#turns[0] ?? this.#capturedTurn();
    this.#session = new SessionAudio(sender, (ms) => this.#addLoss(turn.mic, ms));
    if (turn.captureEnded) this.#session.endCapture();
    this.#session.add(...turn.frames.splice(0));
    if (turn.captureEnded) return;
    this.#session.note(this.#microphone);
    if (this.#paused) this.#session.notePause();
  }

  /** The connection is lost: buffers the session's frames until it is resumed. */
  hold(): void {
    this.#session?.hold();
  }

  /** Whether the server can hold this session exactly up to `through`. */
  canHold(through: number): boolean {
    return this.#session?.canHold(through) ?? through === -1;
  }

  /** See `SessionAudio.resume`. */
  resume(sender: AudioSender, through: number): void {
    this.#session?.resume(sender, through);
  }

  /**
   * The last frame of the turn has been captured: the rest of it is sent without a size limit, and later frames belong
   * to the next turn.
   */
  endCapture(): void {
    const turn = this.#capturedTurn();
    turn.captureEnded = true;
    if (turn === this.#turns[0]) this.#session?.endCapture();
  }

  /** See `SessionAudio.acknowledge`. */
  acknowledge(through: number): boolean {
    return this.#session?.acknowledge(through) ?? through <= -1;
  }

  /**
   * Ends the session; the next one starts at seq 0.
   * @param turnOver the turn gets no other session
   * @param closing the client closes an open connection: see `SessionAudio.end`
   */
  endSession({ turnOver, closing = false }: { turnOver: boolean; closing?: boolean }): void {
    const rest = this.#session?.end(closing);
    this.#session = null;
    const turn = this.#turns[0];
    if (turn === undefined) return;
    if (rest) this.#reportUndelivered(turn.mic, rest.frames, rest.missingMs);
    if (turnOver) {
      this.#turns.shift();
      this.#reportUndelivered(turn.mic, turn.frames);
    }
    // Nothing is left of the turn, and the next one has not begun.
    if (this.#turns.length === 1 && !this.#turns[0]?.captureEnded && this.#turns[0]?.frames.length === 0)
      this.#turns = [];
  }

  /** Gives up the ended turns that wait behind another one. */
  giveUpBacklog(): void {
    const waiting = this.#turns.filter(({ captureEnded }, i) => i > 0 && captureEnded);
    this.#turns = this.#turns.filter((turn) => !waiting.includes(turn));
    for (const { mic, frames } of waiting) this.#reportUndelivered(mic, frames);
  }

  /**
   * Discards the turn being captured.
   * @param keep pass its audio to `onUndelivered`
   */
  drop(keep: boolean): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined || turn.captureEnded) return;
    this.#turns.pop();
    if (keep) this.#reportUndelivered(turn.mic, turn.frames);
  }

  /** Resets the loss counters; counting restarts with the next microphone. */
  resetLoss(): void {
    this.#lost = this.#undelivered = 0;
    this.#countedFrom = this.#mic + 1;
  }

  /** The session of the turn being captured, if it has one. */
  #listeningSession(): SessionAudio | null {
    return this.#turns.length === 1 && !this.#turns[0]?.captureEnded ? this.#session : null;
  }

  #buffer(pcm: Int16Array | null, at: number): void {
    const frame: Captured = { pcm, at, microphone: this.#microphone, pausedS: this.#pausedS };
    this.#pausedS = 0;
    const turn = this.#capturedTurn();
    if (this.#session !== null && turn === this.#turns[0]) {
      if (this.#session.length === MAX_KEPT_FRAMES) this.#session.dropOldest();
      return this.#session.add(frame);
    }
    turn.frames.push(frame);
    if (turn.frames.length <= MAX_KEPT_FRAMES) return;
    turn.frames.shift();
    this.#addLoss(turn.mic, FRAME_MS);
  }

  #capturedTurn(): Turn {
    const last = this.#turns.at(-1);
    if (last && !last.captureEnded) return last;
    const turn = { mic: this.#mic, frames: [], captureEnded: false };
    this.#turns.push(turn);
    return turn;
  }

  #reportUndelivered(mic: number, captured: Captured[], missingMs = captured.length * FRAME_MS): void {
    const frames = captured.map(({ pcm }) => pcm);
    this.#addLoss(mic, missingMs);
    if (frames.every((pcm) => pcm === null)) return;
    if (mic >= this.#countedFrom) this.#undelivered += Math.min(frames.length * FRAME_MS, missingMs);
    this.#onUndelivered({ mic, frames });
  }

  #addLoss(mic: number, ms: number): void {
    if (mic >= this.#countedFrom) this.#lost += ms;
  }
}
