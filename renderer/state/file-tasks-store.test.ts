import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { MAX_FILES_AT_ONCE } from '../../shared/recording-files.ts';
import type { AudioFiles } from '../audio-files/audio-files.ts';
import { fakeBridge, recording } from '../testing/fakes.ts';
import { createFileTasksStore, MAX_IMPORTED_FILES } from './file-tasks-store.ts';

const A = { id: 'a', name: 'Plan' };
const B = { id: 'b', name: 'Ideas' };

interface Work {
  id: string;
  signal: AbortSignal | undefined;
  onProgress: ((part: number) => void) | undefined;
  succeed(): void;
  fail(error: Error): void;
}

/** A store whose exports and imports end when the test says so. */
function setUp(shell: 'desktop' | 'tab', calls: Parameters<typeof fakeBridge>[0] = {}) {
  const host = fakeBridge(calls);
  const work: Work[] = [];
  const saved: string[] = [];
  const pending = <T>(id: string, value: T, options: Pick<Work, 'signal' | 'onProgress'>) =>
    new Promise<T>((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new EarshotError('cancelled', 'Cancelled.')));
      work.push({ id, ...options, succeed: () => resolve(value), fail: reject });
    });
  const audioFiles: Pick<AudioFiles, 'exportRecording' | 'importFile'> = {
    exportRecording: ({ id, title, format, signal, onProgress }) =>
      pending(id, { name: `${title}.${format}`, content: `recordings/${id}.wav` }, { signal, onProgress }),
    importFile: ({ file, signal, onProgress }) =>
      pending(file.name, recording({ id: `of-${file.name}`, imported_from: file.name }), { signal, onProgress }),
  };
  const store = createFileTasksStore({
    bridge: host.bridge,
    shell,
    audioFiles,
    saveFile(_content, name) {
      saved.push(name);
      return `url of ${name}`;
    },
  });
  const states = () => store.getState().tasks.map(({ name, state }) => `${name}: ${state}`);
  const report = (download: number, name: string, state: 'saving' | 'saved' | 'cancelled' | 'failed', message = null) =>
    host.emit('onDownload', { download, url: `url of ${name}`, name, state, message });
  return { ...host, store, work, saved, states, report };
}

const flush = () => new Promise((resolve) => setTimeout(resolve));

test('in a tab the browser gets the file, and the task ends', async () => {
  const { store, work, saved, states } = setUp('tab');
  const done = store.save([A], 'flac');
  await vi.waitFor(() => expect(work).toHaveLength(1));
  work[0]?.onProgress?.(0.42);
  expect(store.getState().tasks).toMatchObject([{ state: 'working', part: 0.42, format: 'flac' }]);
  work[0]?.succeed();
  await done;
  expect([saved, states()]).toEqual([['Plan.flac'], []]);
  expect(store.getState().done).toContain('Plan.flac');
});

test('in the desktop app a task ends when the host says that the file is saved, under the name that the user chose', async () => {
  const { store, work, states, report, emit } = setUp('desktop');
  const done = store.save([A], 'wav');
  await vi.waitFor(() => expect(work).toHaveLength(1));
  work[0]?.succeed();
  await flush();
  report(7, 'Plan.wav', 'saving');
  expect(states()).toEqual(['Plan.wav: saving']);
  // Of something else that this window saves, such as its log.
  report(8, 'log.txt', 'saved');
  emit('onDownload', { download: 7, url: 'url of Plan.wav', name: 'mine.wav', state: 'saved', message: null });
  await done;
  expect(states()).toEqual(['mine.wav: saved']);
});

test('a dialog that the user closes ends the task without a failure', async () => {
  const { store, work, states, report } = setUp('desktop');
  const done = store.save([A], 'wav');
  await vi.waitFor(() => expect(work).toHaveLength(1));
  work[0]?.succeed();
  await flush();
  report(1, 'Plan.wav', 'saving');
  report(1, 'Plan.wav', 'cancelled');
  await done;
  expect(states()).toEqual([]);
});

test('a failure stays with its sentence, can be tried again, and the next recording goes on', async () => {
  const { store, work, states } = setUp('tab');
  void store.save([A, B], 'flac');
  await vi.waitFor(() => expect(work).toHaveLength(1));
  expect(states()).toEqual(['Plan: working', 'Ideas: waiting']);
  work[0]?.fail(new EarshotError('no_such_recording', 'It is gone.'));
  await vi.waitFor(() => expect(work).toHaveLength(2));
  expect(store.getState().tasks[0]).toMatchObject({ state: 'failed', sentence: 'It is gone.', canRetry: true });
  work[1]?.succeed();
  await vi.waitFor(() => expect(states()).toEqual(['Plan: failed']));
  void store.retry(store.getState().tasks[0]?.id ?? 0);
  await vi.waitFor(() => expect(work).toHaveLength(3));
  expect(work[2]?.id).toBe('a');
});

test('several recordings go to a folder that is chosen once; without one, nothing is saved', async () => {
  const chooseSaveFolder = vi.fn(async () => false);
  const saveNextToFolder = vi.fn(async () => undefined);
  const { store, work, report, states } = setUp('desktop', { chooseSaveFolder, saveNextToFolder });
  await store.save([A, B], 'wav');
  expect([work, states()]).toEqual([[], []]);
  chooseSaveFolder.mockResolvedValue(true);
  const done = store.save([A, B], 'wav');
  for (const [n, name] of ['Plan.wav', 'Ideas.wav'].entries()) {
    await vi.waitFor(() => expect(work).toHaveLength(n + 1));
    work[n]?.succeed();
    await flush();
    report(n + 1, name, 'saving');
    report(n + 1, name, 'saved');
  }
  await done;
  expect([chooseSaveFolder, saveNextToFolder].map(({ mock }) => mock.calls.length)).toEqual([2, 2]);
  expect(store.getState().tasks).toMatchObject([{ state: 'saved', files: 2 }]);
});

test('a cancelled task disappears at once and ends its download', async () => {
  const cancelDownload = vi.fn(async () => undefined);
  const { store, work, report, states } = setUp('desktop', { cancelDownload });
  const done = store.save([A], 'wav');
  await vi.waitFor(() => expect(work).toHaveLength(1));
  work[0]?.succeed();
  await flush();
  report(3, 'Plan.wav', 'saving');
  store.cancel(store.getState().tasks[0]?.id ?? 0);
  expect(states()).toEqual([]);
  await done;
  expect(cancelDownload).toHaveBeenCalledExactlyOnceWith({ download: 3 });
});

test('files are imported one after the other; those that succeed are selected together, a final failure offers no retry', async () => {
  const { store, work, states } = setUp('tab');
  const done = store.import([new File([], 'one'), new File([], 'two'), new File([], 'three')], ['a folder']);
  for (const [n, error] of [null, new EarshotError('import_not_audio', 'No audio.'), null].entries()) {
    await vi.waitFor(() => expect(work).toHaveLength(n + 1));
    if (error) work[n]?.fail(error);
    else work[n]?.succeed();
  }
  await done;
  expect(states()).toEqual(['a folder: failed', 'two: failed']);
  expect(store.getState().tasks.map(({ canRetry }) => canRetry)).toEqual([false, false]);
  expect(store.getState().imported).toEqual(['of-one', 'of-three']);
});

test('more files than the limits are left out, and that is said', () => {
  const { store } = setUp('tab');
  const sentences = () => store.getState().tasks.flatMap(({ sentence }) => sentence ?? []);
  void store.import(Array.from({ length: MAX_IMPORTED_FILES + 3 }, (_, n) => new File([], `f${n}`)));
  expect(sentences()).toEqual([expect.stringContaining('3 were left out')]);
  expect(store.getState().tasks).toHaveLength(MAX_IMPORTED_FILES + 1);
});

test('more recordings than are saved at once are left out, and that is said', async () => {
  const { store } = setUp('tab');
  void store.save(
    Array.from({ length: MAX_FILES_AT_ONCE + 2 }, (_, n) => ({ id: `r${n}`, name: `r${n}` })),
    'wav',
  );
  await vi.waitFor(() => expect(store.getState().tasks).toHaveLength(MAX_FILES_AT_ONCE + 1));
  expect(store.getState().tasks[0]).toMatchObject({
    state: 'failed',
    sentence: expect.stringContaining('2 were left'),
  });
});
