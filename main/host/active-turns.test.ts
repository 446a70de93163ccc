import { expect, test, vi } from 'vitest';
import type { TurnRecorder, TurnStart } from '../voice/turn-sink.ts';
import { createActiveTurns } from './active-turns.ts';

const TURN: TurnStart = { sessionId: 's1', userId: 'me', turn: 1, startedAt: new Date(0) };

function rig() {
  const finish = vi.fn<TurnRecorder['finish']>(async () => null);
  const recorder = {
    write: vi.fn<TurnRecorder['write']>(),
    gap: vi.fn<TurnRecorder['gap']>(),
    microphone: vi.fn<TurnRecorder['microphone']>(),
    finish,
  };
  const begin = vi.fn(() => recorder);
  const listening = createActiveTurns({ begin });
  const told: number[] = [];
  const stop = listening.onChange((turns) => told.push(turns));
  return { listening, recorder, begin, told, stop };
}

test('turns are counted from begin to finish, each change told', () => {
  const { listening, told, stop } = rig();
  const one = listening.sink.begin(TURN);
  const two = listening.sink.begin(TURN);
  expect([listening.turns(), told]).toEqual([2, [1, 2]]);
  void one.finish();
  stop();
  void two.finish();
  expect([listening.turns(), told]).toEqual([0, [1, 2, 1]]);
});

test('a turn that is finished twice ends once', () => {
  const { listening, told } = rig();
  const turn = listening.sink.begin(TURN);
  void turn.finish();
  void turn.finish();
  expect([listening.turns(), told]).toEqual([0, [1, 0]]);
});

test('a turn is over at its end, while its file is still being written', () => {
  const { listening, recorder } = rig();
  recorder.finish.mockReturnValue(new Promise(() => undefined));
  void listening.sink.begin(TURN).finish();
  expect(listening.turns()).toBe(0);
});

test('audio, gaps, the end and its failure pass through', async () => {
  const { listening, recorder, begin } = rig();
  const turn = listening.sink.begin(TURN);
  const pcm = new Uint8Array(2);
  turn.write(pcm);
  turn.gap(320);
  recorder.finish.mockRejectedValue(new Error('the disk is full'));
  await expect(turn.finish()).rejects.toThrow('the disk is full');
  expect([begin.mock.calls, recorder.write.mock.calls, recorder.gap.mock.calls]).toEqual([[[TURN]], [[pcm]], [[320]]]);
});
