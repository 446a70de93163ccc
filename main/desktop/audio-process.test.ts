import { beforeEach, expect, test, vi } from 'vitest';
import { createAudioProcess } from './audio-process.ts';

const metrics = vi.hoisted(() => ({ list: [] as Array<{ pid: number; type: string; name?: string }> }));
vi.mock('electron', () => ({ app: { getAppMetrics: () => metrics.list } }));

const AUDIO = { pid: 42, type: 'Utility', name: 'Audio Service' };

beforeEach(() => {
  metrics.list = [{ pid: 1, type: 'Browser' }, { pid: 7, type: 'Utility', name: 'Network Service' }, AUDIO];
});

test('H65 ends only the audio process, and logs that', () => {
  const [log, end] = [vi.fn(), vi.fn()];
  expect(createAudioProcess(log, end).restart()).toBe(true);
  expect(end).toHaveBeenCalledExactlyOnceWith(42);
  expect(log).toHaveBeenCalledExactlyOnceWith('AUDIO_RESTARTED');
});

test('concurrent requests end the process once; a later request ends it again', () => {
  const end = vi.fn();
  let now = 0;
  const { restart } = createAudioProcess(vi.fn(), end, () => now);
  expect([restart(), restart()]).toEqual([true, true]);
  expect(end).toHaveBeenCalledTimes(1);
  now = 1_000;
  restart();
  expect(end).toHaveBeenCalledTimes(2);
});

test('does nothing if the process does not run or has already exited', () => {
  const gone = createAudioProcess(vi.fn(), () => {
    throw new Error('ESRCH');
  });
  expect(gone.restart()).toBe(false);
  metrics.list = [];
  expect(createAudioProcess(vi.fn(), vi.fn()).restart()).toBe(false);
});

test('an exit that was requested is recognised once', () => {
  const audio = createAudioProcess(vi.fn(), vi.fn());
  expect(audio.wasEndedByUs()).toBe(false);
  audio.restart();
  expect([audio.wasEndedByUs(), audio.wasEndedByUs()]).toEqual([true, false]);
});
