import { beforeEach, describe, expect, test } from 'vitest';
import { createOutgoingAudio, FakeAudioSender, KIB_64 } from '../testing/outgoing-audio-rig.ts';

let { audio, sender, push, undelivered } = createOutgoingAudio();

function setUp(): void {
  ({ audio, sender, push, undelivered } = createOutgoingAudio());
}

beforeEach(setUp);

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
    const again = new FakeAudioSender();
    again.bufferedAmount = 10 * KIB_64;
    audio.resume(again, 1);
    expect(again.samples).toEqual([2, 3, 4]);
    push(1);
    expect([again.samples, audio.acknowledge(4)]).toEqual([[2, 3, 4], true]);
    audio.endSession({ turnOver: true });
    const next = new FakeAudioSender();
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
      const next = new FakeAudioSender();
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
