import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import { OutgoingAudio, type Undelivered } from './outgoing-audio.ts';
import type { AudioSender } from './session-audio.ts';

const KIB_64 = 64 * 1024;
const MAX_KEPT = 1_850;

/** Records what is sent. `pcm` of a frame is its only sample, which identifies it. */
class FakeSender implements AudioSender {
  bufferedAmount = 0;
  readonly frames: Array<{ seq: number; capturedMs: number; sample: number }> = [];
  /** Bytes that each frame adds to the socket's buffer. */
  bytesPerFrame = 0;

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const { seq, capturedMs, pcm } = decodeAudioFrame(bytes);
    this.frames.push({ seq, capturedMs, sample: new DataView(pcm.buffer, pcm.byteOffset).getInt16(0, true) });
    this.bufferedAmount += this.bytesPerFrame;
  }
  readonly messages: ClientMessage[] = [];
  sendMessage(message: ClientMessage): boolean {
    this.messages.push(message);
    return true;
  }
  get samples(): number[] {
    return this.frames.map((frame) => frame.sample);
  }
  get seqs(): number[] {
    return this.frames.map((frame) => frame.seq);
  }
}

const range = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);

let audio: OutgoingAudio;
let sender: FakeSender;
let nextSample: number;
/** Undelivered audio: microphone and samples, with null for frames that were not captured. */
let undelivered: Array<{ mic: number; samples: Array<number | null> }>;

/** Captures frames, numbered consecutively. */
function push(count: number): void {
  for (let i = 0; i < count; i++) audio.push(Int16Array.of(nextSample), 1_000 + 20 * nextSample++);
}

function setUp(): void {
  undelivered = [];
  audio = new OutgoingAudio(({ mic, frames }: Undelivered) =>
    undelivered.push({ mic, samples: frames.map((pcm) => pcm?.[0] ?? null) }),
  );
  audio.switchMicrophone(1);
  sender = new FakeSender();
  nextSample = 0;
}

beforeEach(setUp);

describe('sending frames', () => {
  test('frames wait until the session listens, then they are sent in order, numbered from 0', () => {
    push(3);
    expect(sender.frames).toEqual([]);
    audio.open(sender);
    push(2);
    expect(sender.samples).toEqual([0, 1, 2, 3, 4]);
    expect(sender.seqs).toEqual([0, 1, 2, 3, 4]);
    expect(audio.through).toBe(4);
  });

  test('captured_ms counts from the session’s first frame', () => {
    push(1);
    audio.open(sender);
    push(2);
    expect(sender.frames.map((frame) => frame.capturedMs)).toEqual([0, 20, 40]);
  });

  test('nothing is sent to a socket with 64 KiB buffered until it has less', () => {
    sender.bufferedAmount = KIB_64;
    audio.open(sender);
    push(2);
    expect(sender.frames).toEqual([]);
    sender.bufferedAmount = KIB_64 - 1;
    push(1);
    expect(sender.samples).toEqual([0, 1, 2]);
  });

  test('buffered frames go into the socket in steps of 64 KiB', () => {
    push(500);
    sender.bytesPerFrame = 648;
    audio.open(sender);
    expect(sender.frames).toHaveLength(Math.ceil(KIB_64 / 648));
  });

  test('at the end of a turn everything is sent, however full the socket is', () => {
    sender.bufferedAmount = 10 * KIB_64;
    audio.open(sender);
    push(5);
    audio.endCapture();
    expect(sender.samples).toEqual([0, 1, 2, 3, 4]);
  });

  test('after the end of a turn nothing is sent: further frames wait for the next session', () => {
    audio.open(sender);
    push(1);
    audio.endCapture();
    push(2);
    expect(sender.samples).toEqual([0]);
    audio.acknowledge(0);
    audio.endSession({ turnOver: true });
    const next = new FakeSender();
    audio.open(next);
    expect(next.frames).toEqual([
      { seq: 0, capturedMs: 0, sample: 1 },
      { seq: 1, capturedMs: 20, sample: 2 },
    ]);
    expect(audio.lostMs).toBe(0);
  });
});

describe('a resumed session', () => {
  /** Another connection of the same session. */
  function reconnect(through: number): FakeSender {
    expect(audio.canHold(through)).toBe(true);
    const next = new FakeSender();
    audio.resume(next, through);
    return next;
  }

  test('resends every unacknowledged frame in order, then those buffered during the outage, then live ones', () => {
    audio.open(sender);
    push(10);
    audio.acknowledge(3);
    audio.hold();
    push(4);
    const next = reconnect(6);
    push(2);
    expect(next.seqs).toEqual(range(9, 7));
    expect(next.samples).toEqual(next.seqs);
    expect(next.frames[0]?.capturedMs).toBe(140);
    expect(audio.lostMs).toBe(0);
  });

  test('if all was held, sends only the newer frames', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    expect(reconnect(4).frames).toEqual([]);
  });

  test('if nothing was held, resends everything', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    expect(reconnect(-1).seqs).toEqual(range(5));
  });

  test('while disconnected nothing is sent', () => {
    audio.open(sender);
    audio.hold();
    push(5);
    expect(sender.frames).toEqual([]);
    expect(audio.through).toBe(-1);
  });

  test('repeatedly, each time from the seq that the server holds', () => {
    audio.open(sender);
    push(6);
    const received: number[] = [];
    let through = -1;
    for (let i = 0; i < 20; i++) {
      audio.hold();
      push(1);
      const next = reconnect(through);
      // Two frames of each connection arrive.
      for (const sample of next.samples.slice(0, 2)) received.push(sample);
      through = received.length - 1;
    }
    expect(received).toEqual(range(received.length));
    expect(audio.lostMs).toBe(0);
  });

  test('a turn that ended in the outage: its last frames are sent, however full the socket is, and nothing after them', () => {
    audio.open(sender);
    push(3);
    audio.hold();
    push(2);
    audio.endCapture();
    push(1);
    const next = new FakeSender();
    next.bufferedAmount = 10 * KIB_64;
    audio.resume(next, 1);
    expect(next.samples).toEqual([2, 3, 4]);
  });

  test('the server can hold at least what was acknowledged, and at most what was sent', () => {
    audio.open(sender);
    push(10);
    audio.acknowledge(4);
    audio.hold();
    push(10);
    expect([3, 4, 9, 10].map((through) => audio.canHold(through))).toEqual([false, true, true, false]);
  });
});

describe('audio that was not captured', () => {
  test('uses seqs that are not sent: the server sees a gap of that length, reported as lost once', () => {
    audio.open(sender);
    push(3);
    audio.addGap(3_004, 0);
    expect(audio.lostMs).toBe(0);
    push(2);
    expect(sender.seqs).toEqual([0, 1, 2, 153, 154]);
    expect(audio.lostMs).toBe(3_000);
    expect(audio.acknowledge(154)).toBe(true);
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe(3_000);
  });

  test('keeps its position before the session listens', () => {
    push(2);
    audio.addGap(1_000, 0);
    push(1);
    audio.open(sender);
    expect([sender.seqs, sender.samples]).toEqual([
      [0, 1, 52],
      [0, 1, 2],
    ]);
    expect(audio.lostMs).toBe(1_000);
  });

  test('keeps its position during an outage, and is reported once', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    audio.addGap(2_000, 0);
    push(5);
    for (const through of [2, 4]) {
      const again = new FakeSender();
      audio.resume(again, through);
      expect(again.seqs.slice(-5)).toEqual(range(5, 105));
      audio.hold();
    }
    expect(audio.lostMs).toBe(2_000);
  });

  test('without a following frame is lost with its session', () => {
    audio.open(sender);
    push(1);
    audio.acknowledge(0);
    audio.addGap(500, 0);
    audio.endCapture();
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe(500);
  });

  test('over 58 s is reported as lost beyond that length', () => {
    audio.open(sender);
    push(1);
    audio.addGap(100_000, 0);
    push(1);
    expect(sender.seqs).toEqual([0, 2_901]);
    expect(audio.lostMs).toBe(100_000);
  });

  test('shorter than half a frame is ignored', () => {
    audio.open(sender);
    audio.addGap(9, 0);
    push(1);
    expect([sender.seqs, audio.lostMs]).toEqual([[0], 0]);
  });
});

describe('acknowledgements', () => {
  test('of frames that were never sent are a protocol error, and nothing is released', () => {
    audio.open(sender);
    push(5);
    expect(audio.acknowledge(5)).toBe(false);
    expect(audio.acknowledge(1_000_000)).toBe(false);
    expect(audio.acknowledged).toBe(-1);
    expect(audio.acknowledge(4)).toBe(true);
    expect(audio.acknowledged).toBe(4);
  });

  test('of frames that an earlier connection delivered: they are not resent, and nothing is missing', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    const again = new FakeSender();
    again.bufferedAmount = KIB_64;
    audio.resume(again, 1);
    expect(audio.acknowledge(5)).toBe(false);
    expect(audio.acknowledge(3)).toBe(true);
    again.bufferedAmount = 0;
    push(2);
    expect(again.seqs).toEqual([4, 5, 6]);
    expect([audio.acknowledge(6), audio.lostMs]).toEqual([true, 0]);
  });

  test('that go backwards have no effect', () => {
    audio.open(sender);
    push(10);
    audio.acknowledge(9);
    expect(audio.acknowledge(3)).toBe(true);
    expect(audio.acknowledged).toBe(9);
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe(0);
  });
});

describe('the end of a session', () => {
  test('the next one starts at seq 0 and time 0, and contains nothing that was sent before', () => {
    audio.open(sender);
    push(3);
    audio.endSession({ turnOver: false });
    push(2);
    const next = new FakeSender();
    audio.open(next);
    push(1);
    expect(next.frames).toEqual([
      { seq: 0, capturedMs: 0, sample: 3 },
      { seq: 1, capturedMs: 20, sample: 4 },
      { seq: 2, capturedMs: 40, sample: 5 },
    ]);
    expect(sender.samples).toEqual([0, 1, 2]);
  });

  test('H23 audio captured for it during an outage does not enter the next session and is lost', () => {
    audio.open(sender);
    push(3);
    audio.acknowledge(2);
    audio.hold();
    push(4);
    audio.endSession({ turnOver: false });
    expect(audio.lostMs).toBe(80);
    expect(undelivered).toEqual([{ mic: 1, samples: [3, 4, 5, 6] }]);
    push(1);
    const next = new FakeSender();
    audio.open(next);
    expect(next.samples).toEqual([7]);
  });

  test('unacknowledged audio is lost, 20 ms per frame', () => {
    audio.open(sender);
    push(30);
    audio.acknowledge(9);
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe(400);
  });

  test('a closing window loses nothing that it has sent on an open connection', () => {
    audio.open(sender);
    push(30);
    audio.acknowledge(9);
    audio.endSession({ turnOver: true, closing: true });
    expect(audio.lostMs).toBe(0);
  });

  test('a closing window during an outage loses the unacknowledged audio', () => {
    audio.open(sender);
    push(30);
    audio.acknowledge(9);
    audio.hold();
    push(5);
    audio.endSession({ turnOver: true, closing: true });
    expect(audio.lostMs).toBe(500);
  });

  test('a closing window loses audio that was not sent yet', () => {
    audio.open(sender);
    push(10);
    sender.bufferedAmount = KIB_64;
    push(5);
    audio.endSession({ turnOver: true, closing: true });
    expect(audio.lostMs).toBe(100);
  });

  test('a session without frames, or with all acknowledged, loses nothing', () => {
    audio.endSession({ turnOver: true });
    audio.open(sender);
    push(10);
    audio.acknowledge(9);
    audio.endSession({ turnOver: true });
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe(0);
  });

  test('losses of several sessions add up until a new press', () => {
    for (let i = 0; i < 3; i++) {
      audio.open(sender);
      push(2);
      audio.endSession({ turnOver: true });
    }
    expect(audio.lostMs).toBe(120);
    audio.resetLoss();
    expect(audio.lostMs).toBe(0);
  });
});

describe('H23 an outage that is too long', () => {
  test('before a session 37 s are kept; older frames are dropped, each a loss of 20 ms', () => {
    push(MAX_KEPT);
    expect(audio.lostMs).toBe(0);
    push(7);
    expect(audio.lostMs).toBe(140);
    audio.open(sender);
    expect(sender.samples).toEqual(range(MAX_KEPT, 7));
    expect(sender.seqs).toEqual(range(MAX_KEPT));
  });

  test('in a session the oldest of 37 s is dropped: the seqs skip, and the gap is reported once', () => {
    audio.open(sender);
    push(2);
    audio.acknowledge(1);
    audio.hold();
    push(MAX_KEPT + 3);
    expect(audio.lostMs, 'not known before the server says what it holds').toBe(0);
    const next = new FakeSender();
    audio.resume(next, 1);
    expect(next.samples).toEqual(range(MAX_KEPT, 5));
    expect(next.seqs).toEqual(next.samples);
    expect(audio.lostMs).toBe(60);
    // The frame after the gap is lost with the next connection.
    audio.hold();
    audio.resume(new FakeSender(), 1);
    expect(audio.lostMs).toBe(60);
  });

  test('a dropped frame that the server holds anyway is not a loss', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    push(MAX_KEPT - 2);
    const next = new FakeSender();
    audio.resume(next, 4);
    expect(next.seqs[0]).toBe(5);
    expect(audio.lostMs).toBe(0);
  });

  test('a gap in a session that ends unacknowledged is lost once, not twice', () => {
    audio.open(sender);
    audio.hold();
    push(MAX_KEPT + 3);
    audio.resume(sender, -1);
    expect(audio.lostMs).toBe(60);
    audio.endSession({ turnOver: true });
    expect(audio.lostMs).toBe((MAX_KEPT + 3) * 20);
  });

  test('a socket that accepts nothing for 37 s: the oldest frames are dropped, and the seqs skip them', () => {
    audio.open(sender);
    push(2);
    sender.bufferedAmount = KIB_64;
    audio.acknowledge(1);
    push(MAX_KEPT + 3);
    sender.bufferedAmount = 0;
    push(1);
    expect(sender.samples).toEqual([0, 1, ...range(MAX_KEPT, 6)]);
    expect(sender.seqs).toEqual(sender.samples);
    expect(audio.lostMs).toBe(80);
  });
});

describe('H58 an ended turn and a new one', () => {
  /** An ended turn in a session without a connection, and a second turn that has begun. */
  function secondTurn(): void {
    audio.open(sender);
    push(3);
    audio.acknowledge(0);
    audio.hold();
    push(2);
    audio.endCapture();
    audio.resetLoss();
    audio.switchMicrophone(2);
    push(4);
  }

  test('the ended one is delivered first, and the new one gets its own session', () => {
    secondTurn();
    const again = new FakeSender();
    again.bufferedAmount = 10 * KIB_64;
    audio.resume(again, 1);
    expect(again.samples).toEqual([2, 3, 4]);
    push(1);
    expect([again.samples, audio.acknowledge(4)]).toEqual([[2, 3, 4], true]);
    audio.endSession({ turnOver: true });
    const next = new FakeSender();
    audio.open(next);
    push(1);
    expect([next.samples, next.seqs]).toEqual([
      [5, 6, 7, 8, 9, 10],
      [0, 1, 2, 3, 4, 5],
    ]);
    expect([undelivered, audio.lostMs]).toEqual([[], 0]);
  });

  test('several ended turns wait in order', () => {
    secondTurn();
    audio.endCapture();
    audio.switchMicrophone(3);
    push(2);
    audio.endCapture();
    audio.resume(sender, 2);
    expect(audio.acknowledge(4)).toBe(true);
    const received = [];
    for (let i = 0; i < 2; i++) {
      audio.endSession({ turnOver: true });
      const next = new FakeSender();
      next.bufferedAmount = 10 * KIB_64;
      audio.open(next);
      received.push(next.samples);
      audio.acknowledge(audio.through);
    }
    audio.endSession({ turnOver: true });
    expect([received, undelivered]).toEqual([
      [
        [5, 6, 7, 8],
        [9, 10],
      ],
      [],
    ]);
  });

  test('an undeliverable turn is offered without what the server holds, and is not a loss of the new one', () => {
    secondTurn();
    audio.endSession({ turnOver: true });
    expect(undelivered).toEqual([{ mic: 1, samples: [1, 2, 3, 4] }]);
    expect([audio.lostMs, audio.undeliveredMs]).toEqual([0, 0]);
    audio.open(sender);
    expect(sender.frames.slice(-4).map(({ sample }) => sample)).toEqual([5, 6, 7, 8]);
  });

  test('the turns that wait behind it are offered too; the one being captured stays', () => {
    secondTurn();
    audio.endCapture();
    audio.switchMicrophone(3);
    push(2);
    audio.giveUpBacklog();
    expect(undelivered).toEqual([{ mic: 2, samples: [5, 6, 7, 8] }]);
    audio.endSession({ turnOver: true });
    audio.open(sender);
    expect(sender.frames.slice(-2).map(({ sample }) => sample)).toEqual([9, 10]);
  });

  test('a turn without a session keeps its audio for the next session, or is offered completely', () => {
    for (const turnOver of [false, true]) {
      setUp();
      push(3);
      audio.addGap(40, 0);
      audio.endCapture();
      audio.endSession({ turnOver });
      audio.open(sender);
      expect(sender.samples).toEqual(turnOver ? [] : [0, 1, 2]);
      expect(undelivered).toEqual(turnOver ? [{ mic: 1, samples: [0, 1, 2, null, null] }] : []);
      expect([audio.lostMs, audio.undeliveredMs]).toEqual(turnOver ? [100, 100] : [0, 0]);
    }
  });
});

describe('H59 the turn being captured gets no session', () => {
  test('its audio is offered if it is to be kept, otherwise discarded', () => {
    for (const keep of [true, false]) {
      setUp();
      push(4);
      audio.drop(keep);
      expect(undelivered).toEqual(keep ? [{ mic: 1, samples: [0, 1, 2, 3] }] : []);
      expect([audio.lostMs, audio.undeliveredMs]).toEqual(keep ? [80, 80] : [0, 0]);
      audio.open(sender);
      expect(sender.frames).toEqual([]);
    }
  });

  test('the last samples of its microphone follow the undeliverable audio, even if there was a new press', () => {
    audio.open(sender);
    push(5);
    audio.acknowledge(1);
    audio.endSession({ turnOver: true });
    audio.resetLoss();
    push(2);
    audio.drop(true);
    expect(undelivered).toEqual([
      { mic: 1, samples: [2, 3, 4] },
      { mic: 1, samples: [5, 6] },
    ]);
    expect([audio.lostMs, audio.undeliveredMs]).toEqual([0, 0]);
  });

  test('silence alone is not offered, and an ended turn is not dropped', () => {
    audio.addGap(200, 0);
    audio.drop(true);
    push(1);
    audio.endCapture();
    audio.drop(true);
    expect(undelivered).toEqual([]);
    audio.open(sender);
    expect(sender.samples).toEqual([0]);
  });
});

/** A model of the server: accepts frames in order, notes gaps and drops duplicates. */
class FakeServer {
  through = -1;
  readonly held: Array<{ seq: number; sample: number }> = [];

  take(sender: FakeSender, count: number): void {
    for (const { seq, sample } of sender.frames.splice(0, count)) {
      if (seq <= this.through) continue;
      this.through = seq;
      this.held.push({ seq, sample });
    }
  }
  /** Frames that it holds but could not acknowledge. */
  unacknowledged(acknowledged: number): number {
    return this.held.filter(({ seq }) => seq > acknowledged).length;
  }
}

test('H17 any failure at any time: each frame is received once in its turn’s session, waits, or is offered or lost once', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const), n: fc.constantFrom(1, 7, 400, 2_000) }),
    fc.record({ do: fc.constant('arrive' as const), n: fc.nat({ max: 2_000 }) }),
    fc.record({
      do: fc.constantFrom(
        ...([
          'acknowledge',
          'open',
          'cut',
          'resume',
          'seal',
          'end',
          'over',
          'backlog',
          'drop',
          'full',
          'read',
        ] as const),
      ),
      n: fc.constant(0),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      setUp();
      let server = new FakeServer();
      const received: number[] = [];
      /** Whether each turn has ended. The first one may have the session. */
      let turns: boolean[] = [];
      let hasSession = false;
      let connected = false;
      /** Held, but also offered or counted as lost: the session ended before the server could acknowledge it. */
      let heldAndOffered = 0;
      const capture = (): void => {
        if (turns.at(-1) !== false) turns.push(false);
      };
      const end = (turnOver: boolean): void => {
        received.push(...server.held.map(({ sample }) => sample));
        if (hasSession) heldAndOffered += server.unacknowledged(audio.acknowledged);
        audio.endSession({ turnOver });
        if (turnOver) turns.shift();
        server = new FakeServer();
        hasSession = connected = false;
      };
      for (const { do: what, n } of steps) {
        if (what === 'push') {
          capture();
          push(n);
        }
        if (what === 'full') sender.bufferedAmount = KIB_64;
        if (what === 'read') sender.bufferedAmount = 0;
        if (what === 'arrive' && connected) server.take(sender, n);
        if (what === 'acknowledge' && connected) expect(audio.acknowledge(server.through)).toBe(true);
        if (what === 'seal') {
          capture();
          turns[turns.length - 1] = true;
          audio.endCapture();
        }
        if (what === 'open' && !hasSession) {
          if (turns.length === 0) capture();
          sender = new FakeSender();
          audio.open(sender);
          hasSession = connected = true;
        }
        if (what === 'cut' && connected) {
          audio.hold();
          connected = false;
        }
        if (what === 'resume' && hasSession && !connected) {
          expect(audio.canHold(server.through)).toBe(true);
          sender = new FakeSender();
          audio.resume(sender, server.through);
          connected = true;
        }
        if (what === 'end') end(false);
        if (what === 'over') end(true);
        if (what === 'backlog') {
          audio.giveUpBacklog();
          turns = turns.filter((ended, i) => i === 0 || !ended);
        }
        if (what === 'drop' && turns.at(-1) === false && !(hasSession && turns.length === 1)) {
          audio.drop(true);
          turns.pop();
        }
      }
      end(true);
      while (turns.length > 0) end(true);
      expect(
        received.every((sample, i) => i === 0 || sample > (received[i - 1] ?? 0)),
        'in order, each once',
      ).toBe(true);
      const offered = undelivered.flatMap(({ samples }) => samples);
      expect(new Set(offered).size, 'each frame is offered once').toBe(offered.length);
      expect(offered.length, 'undeliveredMs counts the offered frames').toBe(audio.undeliveredMs / 20);
      expect(received.length + audio.lostMs / 20).toBe(nextSample + heldAndOffered);
    }),
    { numRuns: 300 },
  );
});

test('H52 a microphone that delivers nothing for two minutes leaves no gap that a server would reject, and keeps its duration', () => {
  audio.open(sender);
  push(1);
  for (let i = 0; i < 480; i++) audio.addGap(i % 2 === 0 ? 240 : 260, 1_000);
  push(1);
  expect(sender.seqs.at(-1)).toBe(6_001);
  const seqSteps = sender.seqs.map((seq, i) => seq - (sender.seqs[i - 1] ?? -1));
  expect(Math.max(...seqSteps)).toBeLessThanOrEqual(2_901);
  expect(sender.seqs).toHaveLength(4);
});

describe('microphone states', () => {
  const state = (status: MicrophoneState['status'], label = 'Desk'): MicrophoneState => ({
    label,
    status,
    instead_of: null,
  });
  const messagesOf = (from: FakeSender) =>
    from.messages.map((message) =>
      message.event === 'microphone' ? `${message.seq} ${message.status}` : message.event,
    );

  test('are sent with the seq from which they apply, also for frames that waited for the session', () => {
    audio.setMicrophone(state('ok'));
    push(2);
    audio.setMicrophone(state('muted'));
    push(3);
    audio.open(sender);
    expect(messagesOf(sender)).toEqual(['0 ok', '2 muted']);
    push(1);
    audio.setMicrophone(state('ok'));
    expect(messagesOf(sender)).toEqual(['0 ok', '2 muted', '6 ok']);
    push(5);
    expect(sender.messages).toHaveLength(3);
  });

  test('are sent while no frame arrives, with one state per seq', () => {
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    audio.setMicrophone(state('stalled'));
    audio.setMicrophone(state('stalled'));
    expect(messagesOf(sender)).toEqual(['0 ok', '0 stalled']);
  });

  test('are sent again after a resume if the server may not hold them, with the same seqs', () => {
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    push(3);
    audio.setMicrophone(state('muted'));
    push(3);
    audio.hold();
    audio.setMicrophone(state('ok'));
    push(1);
    expect(messagesOf(sender)).toEqual(['0 ok', '3 muted']);
    const next = new FakeSender();
    audio.resume(next, 1);
    expect(messagesOf(next)).toEqual(['3 muted', '6 ok']);
    audio.acknowledge(6);
    audio.hold();
    const third = new FakeSender();
    audio.resume(third, 6);
    expect(third.messages).toEqual([]);
  });

  test('H52 too far ahead of the server are sent once the frames before them have been sent', () => {
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    push(1);
    audio.setMicrophone(state('stalled'));
    for (let i = 0; i < 50; i++) audio.addGap(1_000, 1_000);
    audio.hold();
    for (let i = 0; i < 20; i++) audio.addGap(1_000, 1_000);
    audio.setMicrophone(state('ok'));
    const next = new FakeSender();
    const order: string[] = [];
    next.sendMessage = (message) =>
      order.push(message.event === 'microphone' ? `${message.seq} ${message.status}` : '') > 0;
    next.send = (bytes) => void order.push(`frame ${decodeAudioFrame(bytes).seq}`);
    audio.resume(next, 0);
    push(1);
    expect(order).toEqual(['1 stalled', 'frame 2901', '3501 ok', 'frame 3501']);
  });

  test('are not sent after the last frame of a turn, because its session may have received the stop', () => {
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    push(1);
    audio.endCapture();
    audio.setMicrophone(state('muted'));
    const next = new FakeSender();
    audio.hold();
    audio.resume(next, 0);
    expect([messagesOf(sender), messagesOf(next)]).toEqual([['0 ok'], []]);
    setUp();
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    push(1);
    audio.setMicrophone(state('muted'));
    audio.endCapture();
    audio.hold();
    audio.resume(next, 0);
    expect([messagesOf(sender), messagesOf(next)]).toEqual([['0 ok', '1 muted'], []]);
  });

  test('start again in the next session, whose first frame has a state', () => {
    audio.setMicrophone(state('ok'));
    audio.open(sender);
    push(3);
    audio.setMicrophone(state('ok', 'Headset'));
    push(1);
    audio.endSession({ turnOver: false });
    push(2);
    const next = new FakeSender();
    audio.open(next);
    expect(next.messages).toEqual([{ event: 'microphone', seq: 0, ...state('ok', 'Headset') }]);
  });

  test('H58 of an ended turn go to its session, and of the next turn to that one’s', () => {
    audio.setMicrophone(state('ok'));
    push(2);
    audio.endCapture();
    audio.setMicrophone(null);
    audio.switchMicrophone(2);
    audio.setMicrophone(state('ok', 'Headset'));
    push(1);
    audio.open(sender);
    audio.setMicrophone(state('muted', 'Headset'));
    push(1);
    expect(sender.messages).toEqual([{ event: 'microphone', seq: 0, ...state('ok') }]);
    audio.acknowledge(1);
    audio.endSession({ turnOver: true });
    const next = new FakeSender();
    audio.open(next);
    expect(next.messages).toEqual([
      { event: 'microphone', seq: 0, ...state('ok', 'Headset') },
      { event: 'microphone', seq: 1, ...state('muted', 'Headset') },
    ]);
  });

  test('that change for minutes while disconnected are kept in bounded memory, including the last one', () => {
    audio.open(sender);
    audio.hold();
    for (let i = 0; i < 1_000; i++) {
      audio.setMicrophone(state(i % 2 === 0 ? 'muted' : 'ok'));
      push(1);
    }
    audio.setMicrophone(state('stalled'));
    const next = new FakeSender();
    audio.resume(next, -1);
    expect(next.messages.length).toBeLessThanOrEqual(100);
    expect(messagesOf(next).at(-1)).toBe('1000 stalled');
  });
});
