import { expect } from 'vitest';

/** The `n`th frame that a microphone delivered. */
export interface Frame {
  mic: number;
  n: number;
}

/** What the audio has to know of the world around it. */
export interface AudioSurroundings {
  /** The session that the server greeted on this socket, if it is open and ours. */
  sessionOn(socket: number): string | undefined;
  /** The press for which this microphone was opened, */
  pressOfMic(mic: number): number | undefined;
  /** and the one for which this session was started. */
  pressOfSession(session: string): number | undefined;
}

/** Test support: frames on their way from microphones to sessions. Fails at once where one would end up in a wrong one. */
export class AudioWorld {
  /** Captured, and of no session yet. */
  waiting: Frame[] = [];
  /** Given up with their session, */
  readonly lost: Frame[] = [];
  /** or before they had one. */
  readonly dropped: Frame[] = [];
  /** What the server holds of each session that listened. */
  readonly held = new Map<string, Frame[]>();
  /** The socket on which frames leave. */
  gate: number | null = null;
  /** The session to which the numbered frames belong. */
  session: string | null = null;
  numbered: Frame[] = [];
  sealed = false;
  private sent = 0;

  constructor(private readonly around: AudioSurroundings) {}

  push(frame: Frame): void {
    if (this.session !== null && !this.sealed) this.number([frame]);
    else this.waiting.push(frame);
  }

  open(socket: number): void {
    expect(this.session, 'audio is opened beside that of another session').toBeNull();
    this.session = this.around.sessionOn(socket) ?? 'none';
    this.held.set(this.session, []);
    this.gate = socket;
    this.number(this.waiting.splice(0));
  }

  hold(): void {
    this.gate = null;
  }

  resume(socket: number): void {
    expect(this.session, 'audio is resumed in another session').toBe(this.around.sessionOn(socket));
    expect(this.gate, 'audio is resumed that was not held').toBeNull();
    this.gate = socket;
    this.sent = this.holds().length;
    this.transmit();
  }

  seal(): void {
    expect(this.session, 'sealed without a session').not.toBeNull();
    this.sealed = true;
    this.transmit();
  }

  end(): void {
    if (this.session !== null) this.lost.push(...this.numbered.slice(this.holds().length));
    this.session = this.gate = null;
    this.numbered = [];
    this.sealed = false;
    this.sent = 0;
  }

  drop(): Frame[] {
    const dropped = this.waiting.splice(0);
    this.dropped.push(...dropped);
    return dropped;
  }

  /** The server has answered on this socket: what left before has arrived. */
  arrived(socket: number): void {
    if (this.gate === socket && this.session !== null) this.held.set(this.session, this.numbered.slice(0, this.sent));
  }

  /** The connection is gone, and with it a half of what was on its way. */
  cut(socket: number): void {
    if (this.gate !== socket || this.session === null) return;
    const through = Math.ceil((this.holds().length + this.sent) / 2);
    this.held.set(this.session, this.numbered.slice(0, through));
  }

  /** Whether all of the session has left on this socket, and no more can come. */
  isDelivered(socket: number): boolean {
    return this.sealed && this.gate === socket && this.sent === this.numbered.length;
  }

  private holds(): Frame[] {
    return this.held.get(this.session ?? '') ?? [];
  }

  private number(frames: Frame[]): void {
    const { session, around } = this;
    for (const { mic } of frames) {
      const press = around.pressOfSession(session ?? '');
      expect(around.pressOfMic(mic), `microphone ${mic} is heard in session ${session}`).toBe(press);
    }
    this.numbered.push(...frames);
    this.transmit();
  }

  private transmit(): void {
    if (this.gate === null || this.sent === this.numbered.length) return;
    expect(this.around.sessionOn(this.gate), 'frames of one session leave in another').toBe(this.session);
    this.sent = this.numbered.length;
  }
}
