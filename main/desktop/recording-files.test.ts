import type { WebContents } from 'electron';
import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { DRAG_START_MS, recordingFileCalls } from './recording-files.ts';

const { shown } = vi.hoisted(() => ({ shown: [] as string[] }));
vi.mock('electron', () => ({
  shell: { showItemInFolder: (path: string) => void shown.push(path) },
  nativeImage: { createFromPath: (path: string) => ({ resize: () => ({ path }) }) },
}));

function setUp(options: { recording?: boolean; lateMs?: number; destroyed?: boolean } = {}) {
  const drags: unknown[] = [];
  const contents = {
    isDestroyed: () => options.destroyed ?? false,
    startDrag: (item: unknown) => void drags.push(item),
  } as unknown as WebContents;
  let time = 0;
  const calls = recordingFileCalls(contents, {
    async pathOf(id) {
      if (id === 'gone') throw new EarshotError('no_such_recording', 'It is gone.');
      time += options.lateMs ?? 0;
      return `/recordings/${id}.wav`;
    },
    dragIcon: '/icon.png',
    isRecording: () => options.recording ?? false,
    now: () => time,
  });
  return { calls, drags };
}

test('a recording is shown by its id, and its path is not told to the page', async () => {
  expect(await setUp().calls.showRecording({ id: 'a' })).toEqual({ path: null });
  expect(shown).toEqual(['/recordings/a.wav']);
});

test('a drag has the files of all recordings and an icon', async () => {
  const { calls, drags } = setUp();
  await calls.dragRecordings({ ids: ['a', 'b'] });
  expect(drags).toEqual([
    { file: '/recordings/a.wav', files: ['/recordings/a.wav', '/recordings/b.wav'], icon: { path: '/icon.png' } },
  ]);
});

test.each([
  ['a recording that is gone', {}, ['a', 'gone'], 'no_such_recording'],
  ['a turn, which would receive no audio meanwhile', { recording: true }, ['a'], 'drag_during_turn'],
  ['a disk so slow that the button may be released', { lateMs: DRAG_START_MS + 1 }, ['a'], 'drag_late'],
])('no drag begins with %s', async (_title, options, ids, code) => {
  const { calls, drags } = setUp(options);
  await expect(calls.dragRecordings({ ids })).rejects.toMatchObject({ code });
  expect(drags).toEqual([]);
});

test('a window that was closed meanwhile begins no drag', async () => {
  const { calls, drags } = setUp({ destroyed: true });
  await calls.dragRecordings({ ids: ['a'] });
  expect(drags).toEqual([]);
});
