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
    pause: vi.fn<TurnRecorder['pause']>(),
    finish,
  };
  const begin = vi.fn(() => recorder);
  const active = createActiveTurns({ begin });
  const reported: number[] = [];
  const stop = active.onChange((turns) => reported.push(turns));
  return { active, recorder, begin, reported, stop };
}

test('counts turns from `begin` to `finish` and reports each change', () => {
  const { active, reported, stop } = rig();
  const one = active.sink.begin(TURN);
  const two = active.sink.begin(TURN);
  expect([active.turns(), reported]).toEqual([2, [1, 2]]);
  void one.finish();
  stop();
  void two.finish();
  expect([active.turns(), reported]).toEqual([0, [1, 2, 1]]);
});

test('counts a turn that is finished twice only once', () => {
  const { active, reported } = rig();
  const turn = active.sink.begin(TURN);
  void turn.finish();
  void turn.finish();
  expect([active.turns(), reported]).toEqual([0, [1, 0]]);
});

test('counts a turn as over while its file is still being written', () => {
  const { active, recorder } = rig();
  recorder.finish.mockReturnValue(new Promise(() => undefined));
  void active.sink.begin(TURN).finish();
  expect(active.turns()).toBe(0);
});

test('passes on audio, gaps, the end and its failure', async () => {
  const { active, recorder, begin } = rig();
  const turn = active.sink.begin(TURN);
  const pcm = new Uint8Array(2);
  turn.write(pcm);
  turn.gap(320);
  recorder.finish.mockRejectedValue(new Error('the disk is full'));
  await expect(turn.finish()).rejects.toThrow('the disk is full');
  expect([begin.mock.calls, recorder.write.mock.calls, recorder.gap.mock.calls]).toEqual([[[TURN]], [[pcm]], [[320]]]);
});

test('counts a paused turn until it goes on, by its message or by its audio, or ends', () => {
  const { active, reported } = rig();
  const one = active.sink.begin(TURN);
  const two = active.sink.begin(TURN);
  one.pause(0, null);
  one.pause(0, null);
  two.pause(0, null);
  expect([active.turns(), active.paused()]).toEqual([2, 2]);
  one.pause(0, 3);
  expect(active.paused()).toBe(1);
  one.pause(0, null);
  one.write(new Uint8Array(2));
  expect(active.paused()).toBe(1);
  void two.finish();
  two.pause(0, null);
  expect([active.turns(), active.paused()]).toEqual([1, 0]);
  expect(reported).toEqual([1, 2, 2, 2, 2, 2, 2, 1]);
});
