import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOutgoingAudio, FakeAudioSender, KIB_64 } from '../testing/outgoing-audio-rig.ts';

const FRAME_MS = 20;

/** What can happen, in any order. `frames`: how many are captured, or arrive at the server. */
type Step =
  | { do: 'capture' | 'arrive'; frames: number }
  | { do: 'acknowledge' | 'open session' | 'lose connection' | 'resume' | 'lose session' }
  | { do: 'end capture' | 'end turn' | 'give up backlog' | 'drop captured turn' | 'fill socket' | 'empty socket' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('capture' as const), frames: fc.constantFrom(1, 7, 400, 2_000) }),
  fc.record({ do: fc.constant('arrive' as const), frames: fc.nat({ max: 2_000 }) }),
  fc.record({
    do: fc.constantFrom(
      'acknowledge' as const,
      'open session' as const,
      'lose connection' as const,
      'resume' as const,
      'end capture' as const,
      'lose session' as const,
      'end turn' as const,
      'give up backlog' as const,
      'drop captured turn' as const,
      'fill socket' as const,
      'empty socket' as const,
    ),
  }),
);

/** A model of the server's side of one session: accepts frames in order and drops duplicates. */
class FakeServerSession {
  /** Last seq that it holds, -1 if none. */
  through = -1;
  readonly held: Array<{ seq: number; sample: number }> = [];

  /** Takes the next frames that the client has sent. */
  take(sender: FakeAudioSender, count: number): void {
    for (const { seq, sample } of sender.frames.splice(0, count)) {
      if (seq <= this.through) continue;
      this.through = seq;
      this.held.push({ seq, sample });
    }
  }

  /** Number of frames that it holds but could not acknowledge. */
  unacknowledged(acknowledged: number): number {
    return this.held.filter(({ seq }) => seq > acknowledged).length;
  }
}

/** The client's audio and a server, with turns and sessions that begin and end at any time. */
class Delivery {
  readonly #rig = createOutgoingAudio();
  readonly #audio = this.#rig.audio;
  #sender = this.#rig.sender;
  #session = new FakeServerSession();
  #hasSession = false;
  #isConnected = false;
  /** Whether the capture of each turn has ended, oldest turn first. The first turn may have the session. */
  #turns: boolean[] = [];
  #capturedFrames = 0;
  /** Samples of all ended sessions. */
  readonly #received: number[] = [];
  /** Frames that the server holds and the client counts as lost: the session ended before they were acknowledged. */
  #heldButCountedAsLost = 0;

  run(step: Step): void {
    switch (step.do) {
      case 'capture':
        return this.#capture(step.frames);
      case 'arrive':
        if (this.#isConnected) this.#session.take(this.#sender, step.frames);
        return;
      case 'acknowledge':
        if (this.#isConnected) expect(this.#audio.acknowledge(this.#session.through)).toBe(true);
        return;
      case 'open session':
        return this.#openSession();
      case 'lose connection':
        if (this.#isConnected) this.#audio.hold();
        this.#isConnected = false;
        return;
      case 'resume':
        return this.#resume();
      case 'end capture':
        return this.#endCapture();
      case 'lose session':
        return this.#endSession({ turnOver: false });
      case 'end turn':
        return this.#endSession({ turnOver: true });
      case 'give up backlog':
        this.#audio.giveUpBacklog();
        this.#turns = this.#turns.filter((captureEnded, i) => i === 0 || !captureEnded);
        return;
      case 'drop captured turn':
        return this.#dropCapturedTurn();
      case 'fill socket':
        this.#sender.bufferedAmount = KIB_64;
        return;
      case 'empty socket':
        this.#sender.bufferedAmount = 0;
        return;
    }
  }

  /** Ends all turns, delivered or not. */
  finish(): void {
    do this.#endSession({ turnOver: true });
    while (this.#turns.length > 0);
  }

  expectEachFrameOnce(): void {
    const { undelivered } = this.#rig;
    const isInOrder = this.#received.every((sample, i) => i === 0 || sample > (this.#received[i - 1] ?? 0));
    expect(isInOrder, 'received in order, each frame once').toBe(true);
    const offered = undelivered.flatMap(({ samples }) => samples);
    expect(new Set(offered).size, 'each frame is offered once').toBe(offered.length);
    expect(offered.length, 'undeliveredMs counts the offered frames').toBe(this.#audio.undeliveredMs / FRAME_MS);
    expect(this.#received.length + this.#audio.lostMs / FRAME_MS, 'each frame is received or lost').toBe(
      this.#capturedFrames + this.#heldButCountedAsLost,
    );
  }

  /** Begins a turn, unless one is being captured. */
  #ensureCapturedTurn(): void {
    if (this.#turns.at(-1) !== false) this.#turns.push(false);
  }

  #capture(frames: number): void {
    this.#ensureCapturedTurn();
    this.#rig.push(frames);
    this.#capturedFrames += frames;
  }

  #endCapture(): void {
    this.#ensureCapturedTurn();
    this.#turns[this.#turns.length - 1] = true;
    this.#audio.endCapture();
  }

  #openSession(): void {
    if (this.#hasSession) return;
    if (this.#turns.length === 0) this.#ensureCapturedTurn();
    this.#sender = new FakeAudioSender();
    this.#audio.open(this.#sender);
    this.#hasSession = this.#isConnected = true;
  }

  #resume(): void {
    if (!this.#hasSession || this.#isConnected) return;
    expect(this.#audio.canHold(this.#session.through)).toBe(true);
    this.#sender = new FakeAudioSender();
    this.#audio.resume(this.#sender, this.#session.through);
    this.#isConnected = true;
  }

  #endSession({ turnOver }: { turnOver: boolean }): void {
    this.#received.push(...this.#session.held.map(({ sample }) => sample));
    if (this.#hasSession) this.#heldButCountedAsLost += this.#session.unacknowledged(this.#audio.acknowledged);
    this.#audio.endSession({ turnOver });
    if (turnOver) this.#turns.shift();
    this.#session = new FakeServerSession();
    this.#hasSession = this.#isConnected = false;
  }

  /** Drops the turn being captured, unless it has the session. */
  #dropCapturedTurn(): void {
    if (this.#turns.at(-1) !== false || (this.#hasSession && this.#turns.length === 1)) return;
    this.#audio.drop(true);
    this.#turns.pop();
  }
}

test('H17 any failure at any time: each frame is received once in its turn’s session, or offered or lost once', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const delivery = new Delivery();
      for (const step of steps) delivery.run(step);
      delivery.finish();
      delivery.expectEachFrameOnce();
    }),
    { numRuns: 300 },
  );
});
