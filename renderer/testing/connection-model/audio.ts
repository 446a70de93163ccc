import { expect } from 'vitest';

/** The `n`th frame that a microphone delivered. */
export interface Frame {
  mic: number;
  n: number;
}

/** The part of the environment that the audio model uses. */
export interface AudioEnvironment {
  /** The session welcomed on this socket, if the socket is live. */
  sessionOn(socket: number): string | undefined;
  /** The press for which this microphone was opened. */
  pressOfMic(mic: number): number | undefined;
  /** The press for which this session was started. */
  pressOfSession(session: string): number | undefined;
}

/** A turn with its frames that are in no session yet. */
interface Turn {
  frames: Frame[];
  /** Its microphone has been flushed; no more frames follow. */
  captureEnded: boolean;
}

/**
 * Models the frames on their way from microphones to sessions. Fails if a frame would be sent to the wrong session.
 */
export class AudioModel {
  /**
   * Oldest first: the turn being delivered, the backlog, and the turn being captured.
   */
  turns: Turn[] = [];
  /** Undelivered frames that were offered to the user. */
  readonly offered: Frame[] = [];
  /** Frames of cancelled turns. */
  readonly dropped: Frame[] = [];
  /** Frames that the server holds, by session. */
  readonly held = new Map<string, Frame[]>();
  /** The socket on which frames are sent. */
  openSocket: number | null = null;
  /** The session to which the numbered frames belong. */
  session: string | null = null;
  numbered: Frame[] = [];
  #sent = 0;

  readonly #environment: AudioEnvironment;

  constructor(environment: AudioEnvironment) {
    this.#environment = environment;
  }

  /** Captured frames that are in no session yet. */
  get waiting(): Frame[] {
    return this.turns.flatMap(({ frames }) => frames);
  }

  /** The press of the next turn to get a session; undefined if it has no frames. */
  get pressOfTurn(): number | undefined {
    const first = this.turns[0]?.frames[0];
    return first && this.#environment.pressOfMic(first.mic);
  }

  push(frame: Frame): void {
    const turn = this.#capturing();
    if (this.session !== null && turn === this.turns[0]) this.#number([frame]);
    else turn.frames.push(frame);
  }

  #capturing(): Turn {
    const last = this.turns.at(-1);
    if (last && !last.captureEnded) return last;
    const turn = { frames: [], captureEnded: false };
    this.turns.push(turn);
    return turn;
  }

  open(socket: number): void {
    expect(this.session, 'audio is opened while another session has audio').toBeNull();
    this.session = this.#environment.sessionOn(socket) ?? 'none';
    this.held.set(this.session, []);
    this.openSocket = socket;
    if (this.turns.length === 0) this.#capturing();
    this.#number(this.turns[0]?.frames.splice(0) ?? []);
  }

  hold(): void {
    this.openSocket = null;
  }

  resume(socket: number): void {
    expect(this.session, 'audio is resumed in another session').toBe(this.#environment.sessionOn(socket));
    expect(this.openSocket, 'audio is resumed without hold').toBeNull();
    this.openSocket = socket;
    this.#sent = this.#holds().length;
    this.#transmit();
  }

  endCapture(): void {
    this.#capturing().captureEnded = true;
    this.#transmit();
  }

  end(turnOver: boolean): void {
    if (this.session !== null) this.offered.push(...this.numbered.slice(this.#holds().length));
    if (turnOver) this.offered.push(...(this.turns.shift()?.frames ?? []));
    this.session = this.openSocket = null;
    this.numbered = [];
    this.#sent = 0;
    this.#forgetEmpty();
  }

  giveUpBacklog(): void {
    expect(this.turns[0]?.captureEnded, 'the turn being captured is given up').toBe(true);
    const first = this.turns.shift();
    while (this.turns[0]?.captureEnded) this.offered.push(...(this.turns.shift()?.frames ?? []));
    if (first) this.turns.unshift(first);
  }

  drop(keep: boolean): Frame[] {
    const last = this.turns.at(-1);
    if (last === undefined || last.captureEnded) return [];
    expect(this.session !== null && last === this.turns[0], 'a turn with a session is dropped').toBe(false);
    this.turns.pop();
    (keep ? this.offered : this.dropped).push(...last.frames);
    return last.frames;
  }

  /** Removes an empty turn that has not begun. */
  #forgetEmpty(): void {
    const [first] = this.turns;
    if (this.turns.length === 1 && first && !first.captureEnded && first.frames.length === 0) this.turns.pop();
  }

  /** The server has answered on this socket: the frames sent before have arrived. */
  arrived(socket: number): void {
    if (this.openSocket === socket && this.session !== null)
      this.held.set(this.session, this.numbered.slice(0, this.#sent));
  }

  /** The connection is lost, with half of the frames in flight. */
  cut(socket: number): void {
    if (this.openSocket !== socket || this.session === null) return;
    const through = Math.ceil((this.#holds().length + this.#sent) / 2);
    this.held.set(this.session, this.numbered.slice(0, through));
  }

  /** Whether all frames of the session were sent on this socket and no more follow. */
  isDelivered(socket: number): boolean {
    return this.turns[0]?.captureEnded === true && this.openSocket === socket && this.#sent === this.numbered.length;
  }

  #holds(): Frame[] {
    return this.held.get(this.session ?? '') ?? [];
  }

  #number(frames: Frame[]): void {
    const { session } = this;
    const environment = this.#environment;
    for (const { mic } of frames) {
      const press = environment.pressOfSession(session ?? '');
      expect(environment.pressOfMic(mic), `microphone ${mic} has audio in session ${session}`).toBe(press);
    }
    this.numbered.push(...frames);
    this.#transmit();
  }

  #transmit(): void {
    if (this.openSocket === null || this.#sent === this.numbered.length) return;
    expect(this.#environment.sessionOn(this.openSocket), 'frames are sent in another session').toBe(this.session);
    this.#sent = this.numbered.length;
  }
}
