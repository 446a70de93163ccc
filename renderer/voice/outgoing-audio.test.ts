import { beforeEach, describe, expect, test } from 'vitest';
import { createOutgoingAudio, FakeAudioSender, KIB_64, range } from '../testing/outgoing-audio-rig.ts';

let { audio, sender, push, undelivered } = createOutgoingAudio();

function setUp(): void {
  ({ audio, sender, push, undelivered } = createOutgoingAudio());
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
    const next = new FakeAudioSender();
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
  function reconnect(through: number): FakeAudioSender {
    expect(audio.canHold(through)).toBe(true);
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const again = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
