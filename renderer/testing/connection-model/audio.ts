import { expect } from 'vitest';

/** The `n`th frame that a microphone delivered. */
export interface Frame {
  mic: number;
  n: number;
}

/** What the audio has to know of the world around it. */
export interface AudioEnvironment {
  /** The session that the server greeted on this socket, if it is open and ours. */
  sessionOn(socket: number): string | undefined;
  /** The press for which this microphone was opened, */
  pressOfMic(mic: number): number | undefined;
  /** and the one for which this session was started. */
  pressOfSession(session: string): number | undefined;
}

/** A turn whose words are not all in a session yet. */
interface Turn {
  frames: Frame[];
  /** Its microphone has been flushed: nothing comes after. */
  sealed: boolean;
}

/**
 * Test support: frames on their way from microphones to sessions. Fails at once where one would end up in a wrong one.
 */
export class AudioModel {
  /**
   * Oldest first: the one that is delivered or spoken, those that wait behind it, and the one that is spoken meanwhile.
   */
  turns: Turn[] = [];
  /** Not delivered, and kept for the person, */
  readonly offered: Frame[] = [];
  /** or taken back before anything was kept. */
  readonly dropped: Frame[] = [];
  /** What the server holds of each session that listened. */
  readonly held = new Map<string, Frame[]>();
  /** The socket on which frames leave. */
  gate: number | null = null;
  /** The session to which the numbered frames belong. */
  session: string | null = null;
  numbered: Frame[] = [];
  #sent = 0;

  readonly #around: AudioEnvironment;

  constructor(around: AudioEnvironment) {
    this.#around = around;
  }

  /** Captured, and of no session yet. */
  get waiting(): Frame[] {
    return this.turns.flatMap(({ frames }) => frames);
  }

  /** The press of the turn that is next to have a session; undefined where none of it has been heard. */
  get pressOfTurn(): number | undefined {
    const first = this.turns[0]?.frames[0];
    return first && this.#around.pressOfMic(first.mic);
  }

  push(frame: Frame): void {
    const turn = this.#capturing();
    if (this.session !== null && turn === this.turns[0]) this.#number([frame]);
    else turn.frames.push(frame);
  }

  #capturing(): Turn {
    const last = this.turns.at(-1);
    if (last && !last.sealed) return last;
    const turn = { frames: [], sealed: false };
    this.turns.push(turn);
    return turn;
  }

  open(socket: number): void {
    expect(this.session, 'audio is opened beside that of another session').toBeNull();
    this.session = this.#around.sessionOn(socket) ?? 'none';
    this.held.set(this.session, []);
    this.gate = socket;
    if (this.turns.length === 0) this.#capturing();
    this.#number(this.turns[0]?.frames.splice(0) ?? []);
  }

  hold(): void {
    this.gate = null;
  }

  resume(socket: number): void {
    expect(this.session, 'audio is resumed in another session').toBe(this.#around.sessionOn(socket));
    expect(this.gate, 'audio is resumed that was not held').toBeNull();
    this.gate = socket;
    this.#sent = this.#holds().length;
    this.#transmit();
  }

  seal(): void {
    this.#capturing().sealed = true;
    this.#transmit();
  }

  end(turnOver: boolean): void {
    if (this.session !== null) this.offered.push(...this.numbered.slice(this.#holds().length));
    if (turnOver) this.offered.push(...(this.turns.shift()?.frames ?? []));
    this.session = this.gate = null;
    this.numbered = [];
    this.#sent = 0;
    this.#forgetEmpty();
  }

  giveUpBacklog(): void {
    expect(this.turns[0]?.sealed, 'a turn that is spoken is given up').toBe(true);
    const first = this.turns.shift();
    while (this.turns[0]?.sealed) this.offered.push(...(this.turns.shift()?.frames ?? []));
    if (first) this.turns.unshift(first);
  }

  drop(keep: boolean): Frame[] {
    const last = this.turns.at(-1);
    if (last === undefined || last.sealed) return [];
    expect(this.session !== null && last === this.turns[0], 'a turn that has a session is dropped').toBe(false);
    this.turns.pop();
    (keep ? this.offered : this.dropped).push(...last.frames);
    return last.frames;
  }

  /** Of a turn that was given up nothing is left, and none has begun. */
  #forgetEmpty(): void {
    const [first] = this.turns;
    if (this.turns.length === 1 && first && !first.sealed && first.frames.length === 0) this.turns.pop();
  }

  /** The server has answered on this socket: what left before has arrived. */
  arrived(socket: number): void {
    if (this.gate === socket && this.session !== null) this.held.set(this.session, this.numbered.slice(0, this.#sent));
  }

  /** The connection is gone, and with it a half of what was on its way. */
  cut(socket: number): void {
    if (this.gate !== socket || this.session === null) return;
    const through = Math.ceil((this.#holds().length + this.#sent) / 2);
    this.held.set(this.session, this.numbered.slice(0, through));
  }

  /** Whether all of the session has left on this socket, and no more can come. */
  isDelivered(socket: number): boolean {
    return this.turns[0]?.sealed === true && this.gate === socket && this.#sent === this.numbered.length;
  }

  #holds(): Frame[] {
    return this.held.get(this.session ?? '') ?? [];
  }

  #number(frames: Frame[]): void {
    const { session } = this;
    const around = this.#around;
    for (const { mic } of frames) {
      const press = around.pressOfSession(session ?? '');
      expect(around.pressOfMic(mic), `microphone ${mic} is heard in session ${session}`).toBe(press);
    }
    this.numbered.push(...frames);
    this.#transmit();
  }

  #transmit(): void {
    if (this.gate === null || this.#sent === this.numbered.length) return;
    expect(this.#around.sessionOn(this.gate), 'frames of one session leave in another').toBe(this.session);
    this.#sent = this.numbered.length;
  }
}
