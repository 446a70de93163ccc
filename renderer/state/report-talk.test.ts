import { expect, test, vi } from 'vitest';
import { fakeBridge, fakeClient } from '../testing/fakes.ts';
import { reportTalk } from './report-talk.ts';

function setup() {
  const reportedTalk = vi.fn(async (_report: object) => undefined);
  const reportedLevels = vi.fn(async (_level: number) => undefined);
  const { bridge, emit } = fakeBridge({ reportTalk: reportedTalk, reportLevel: reportedLevels });
  const fake = fakeClient();
  let now = 10_000;
  const stop = reportTalk({ bridge, client: fake.client, now: () => now });
  return {
    ...fake,
    emit,
    stop,
    reports: () => reportedTalk.mock.calls.flat(),
    levels: () => reportedLevels.mock.calls.flat(),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

test('every change of the turn is reported once, with its length so far', () => {
  const { show, reports, wait } = setup();
  show({ view: 'connecting' });
  show({ view: 'listening', micLive: true, listeningSince: 10_000 });
  show({ failures: 0 });
  wait(4_000);
  show({ view: 'paused', pausedAt: 14_000 });
  wait(60_000);
  show({ view: 'listening', pausedAt: null, listeningSince: 70_000 });
  show({ view: 'stopping', micLive: false, listeningSince: null });
  show({ view: 'idle' });
  expect(reports()).toEqual([
    { talk: 'waiting', seconds: null },
    { talk: 'recording', seconds: 0 },
    { talk: 'paused', seconds: 4 },
    { talk: 'recording', seconds: 4 },
    { talk: 'off', seconds: null },
  ]);
});

test('levels are sent only while they are wanted: the highest of three', () => {
  const { show, emit, emitLevel, levels, levelListeners, stop } = setup();
  show({ view: 'listening', micLive: true });
  emitLevel(-20);
  expect(levelListeners.size).toBe(0);
  emit('onLevelsWanted', true);
  emit('onLevelsWanted', true);
  for (const peak of [-40, -12, null, null, null, null, -3]) emitLevel(peak);
  expect(levels()).toEqual([-12, -96]);
  emit('onLevelsWanted', false);
  expect(levelListeners.size).toBe(0);
  emit('onLevelsWanted', true);
  stop();
  expect(levelListeners.size).toBe(0);
});
