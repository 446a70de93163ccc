import { beforeEach, describe, expect, test } from 'vitest';
import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { createOutgoingAudio, FakeAudioSender } from '../testing/outgoing-audio-rig.ts';

let { audio, sender, push } = createOutgoingAudio();

function setUp(): void {
  ({ audio, sender, push } = createOutgoingAudio());
}

beforeEach(setUp);

describe('microphone states', () => {
  const state = (status: MicrophoneState['status'], label = 'Desk'): MicrophoneState => ({
    label,
    status,
    instead_of: null,
  });
  const messagesOf = (from: FakeAudioSender) =>
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
    const next = new FakeAudioSender();
    audio.resume(next, 1);
    expect(messagesOf(next)).toEqual(['3 muted', '6 ok']);
    audio.acknowledge(6);
    audio.hold();
    const third = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
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
    const next = new FakeAudioSender();
    audio.resume(next, -1);
    expect(next.messages.length).toBeLessThanOrEqual(100);
    expect(messagesOf(next).at(-1)).toBe('1000 stalled');
  });
});
