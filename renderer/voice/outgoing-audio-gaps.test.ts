import { beforeEach, describe, expect, test } from 'vitest';
import { createOutgoingAudio, FakeAudioSender, KIB_64, range } from '../testing/outgoing-audio-rig.ts';

/** Frames of 37 s, the maximum that is kept of one turn. */
const MAX_KEPT = 1_850;

let { audio, sender, push } = createOutgoingAudio();

function setUp(): void {
  ({ audio, sender, push } = createOutgoingAudio());
}

beforeEach(setUp);

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
      const again = new FakeAudioSender();
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
    const next = new FakeAudioSender();
    audio.resume(next, 1);
    expect(next.samples).toEqual(range(MAX_KEPT, 5));
    expect(next.seqs).toEqual(next.samples);
    expect(audio.lostMs).toBe(60);
    // The frame after the gap is lost with the next connection.
    audio.hold();
    audio.resume(new FakeAudioSender(), 1);
    expect(audio.lostMs).toBe(60);
  });

  test('a dropped frame that the server holds anyway is not a loss', () => {
    audio.open(sender);
    push(5);
    audio.hold();
    push(MAX_KEPT - 2);
    const next = new FakeAudioSender();
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
