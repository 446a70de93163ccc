import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { type DownloadReport, MAX_FILES_AT_ONCE } from '../../shared/recording-files.ts';
import type { AudioFiles } from '../audio-files/audio-files.ts';
import type { ExportFormat } from '../audio-files/export-recording.ts';
import { text } from '../text/text.ts';
import { sentenceOf } from './change-in-parts.ts';

/** Most files of one import. A drop of more is cut, and says so. */
export const MAX_IMPORTED_FILES = 200;

/** A recording that is saved as a file, or a file that is imported. */
export interface FileTask {
  id: number;
  kind: 'save' | 'import';
  /** The file's name, without the ending for a recording. */
  name: string;
  /** The id of the recording that is saved; null for an import. */
  recording: string | null;
  /** Null for an import. */
  format: ExportFormat | null;
  /** `saving`: the file is made, and the user chooses the place or the system writes it. */
  state: 'waiting' | 'working' | 'saving' | 'saved' | 'failed';
  /** Part that is done, 0..1; null: not known. */
  part: number | null;
  /** Why it failed, and what to do. */
  sentence: string | null;
  /** The download of the desktop app. */
  download: number | null;
  /** Saved files that this task stands for: the last of several stands for all. */
  files: number;
  /** It failed, and can be tried again. */
  canRetry: boolean;
}

export interface FileTasksState {
  /** In progress, failed, and what was saved last. */
  tasks: readonly FileTask[];
  /** The recordings of the last import that ended; a new list for each. */
  imported: readonly string[];
  /** A sentence about what has ended well. */
  done: string;
}

export interface SavedRecording {
  id: string;
  /** Name of the file without its ending. */
  name: string;
}

export interface FileTasksStore extends StoreApi<FileTasksState> {
  /** Saves recordings as files, one after the other. Never rejects. */
  save(recordings: readonly SavedRecording[], format: ExportFormat): Promise<void>;
  /**
   * Imports files, one after the other; those that fail stay in the list with a sentence. Never rejects.
   * @param folders names of folders, which are not imported
   */
  import(files: readonly File[], folders?: readonly string[]): Promise<void>;
  /** Tries a failed task again. Never rejects. */
  retry(id: number): Promise<void>;
  /** Ends a task and removes it. */
  cancel(id: number): void;
  /** Says that a file could not be used otherwise, for example dragged. */
  fail(name: string, sentence: string): void;
  /** Removes what has failed or was saved. */
  dismiss(id: number): void;
  /** Shows a saved file in the file manager of the desktop. Never rejects. */
  show(id: number): Promise<void>;
  dispose: Unsubscribe;
}

export interface FileTasksDependencies {
  bridge: Pick<Bridge, 'chooseSaveFolder' | 'saveNextToFolder' | 'cancelDownload' | 'showDownload' | 'onDownload'>;
  shell: AppInfo['shell'];
  audioFiles: Pick<AudioFiles, 'exportRecording' | 'importFile'>;
  /** Offers a Blob or a URL as a download. @returns the URL of the download */
  saveFile(content: Blob | string, name: string): string;
}

/** Errors of a file that the next try would find again. */
const FINAL: ReadonlySet<string> = new Set([
  'import_empty',
  'import_not_audio',
  'import_damaged',
  'import_unsupported',
  'import_too_long',
  'import_too_large',
] satisfies (keyof typeof text.audioFiles.errors)[]);

function isFinal(error: unknown): boolean {
  return error instanceof EarshotError && FINAL.has(error.code);
}

/** The recordings that this window saves as files, and the files that it imports. */
export function createFileTasksStore({ bridge, shell, audioFiles, saveFile }: FileTasksDependencies): FileTasksStore {
  const store = createStore<FileTasksState>(() => ({ tasks: [], imported: [], done: '' }));
  const controllers = new Map<number, AbortController>();
  const retries = new Map<number, () => Promise<void>>();
  /** Downloads that have begun, by URL, oldest first, each with what to do with its next report. */
  const downloading: { url: string; download: number | null; onReport(report: DownloadReport): void }[] = [];
  const queues = { save: Promise.resolve(), import: Promise.resolve() };
  let lastId = 0;

  const find = (id: number) => store.getState().tasks.find((task) => task.id === id);

  function change(id: number, patch: Partial<FileTask>): void {
    store.setState(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === id ? { ...task, ...patch } : task)) }));
  }

  function remove(keep: (task: FileTask) => boolean): void {
    const gone = store.getState().tasks.filter((task) => !keep(task));
    for (const { id } of gone) {
      controllers.delete(id);
      retries.delete(id);
    }
    if (gone.length > 0) store.setState(({ tasks }) => ({ tasks: tasks.filter(keep) }));
  }

  function add(facts: Pick<FileTask, 'kind' | 'name'> & Partial<FileTask>): FileTask {
    lastId += 1;
    const task: FileTask = {
      id: lastId,
      recording: null,
      format: null,
      state: 'waiting',
      part: null,
      sentence: null,
      download: null,
      files: 1,
      canRetry: false,
      ...facts,
    };
    controllers.set(task.id, new AbortController());
    store.setState(({ tasks }) => ({ tasks: [...tasks, task] }));
    return task;
  }

  /** Says that files were left out. */
  function addLeftOut(kind: FileTask['kind'], files: number, most: number): void {
    const { filesLeftOut, tooManyImports, tooManySaves } = text.recordingFiles;
    const sentence = kind === 'import' ? tooManyImports({ files, most }) : tooManySaves({ files, most });
    add({ kind, name: filesLeftOut({ files }), state: 'failed', sentence });
  }

  /** Runs a task when those before it have ended. A failure stays in the list, with what tries it again. */
  function run(
    { id, kind }: FileTask,
    work: (signal: AbortSignal) => Promise<void>,
    retry: () => Promise<void>,
  ): Promise<void> {
    const ended = queues[kind].then(async () => {
      const signal = controllers.get(id)?.signal;
      if (signal === undefined || signal.aborted) return;
      change(id, { state: 'working' });
      try {
        await work(signal);
      } catch (error) {
        if (signal.aborted) remove((task) => task.id !== id);
        else {
          retries.set(id, retry);
          change(id, {
            state: 'failed',
            canRetry: !isFinal(error),
            sentence: sentenceOf(error, text.recordingFiles.failed),
          });
        }
      }
    });
    queues[kind] = ended;
    return ended;
  }

  /** Waits for the end of a download. @throws {EarshotError} `cancelled`, `not_saved` with the host's sentence */
  function download(id: number, start: () => string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: (typeof downloading)[number] = {
        url: '',
        download: null,
        onReport(report) {
          change(id, { download: report.download });
          if (report.state === 'saving') return;
          downloading.splice(downloading.indexOf(entry), 1);
          if (report.state === 'saved') {
            change(id, { name: report.name });
            resolve();
          } else if (report.state === 'cancelled') {
            controllers.get(id)?.abort();
            reject(new EarshotError('cancelled', text.audioFiles.errors.cancelled));
          } else reject(new EarshotError('not_saved', report.message ?? text.recordingFiles.failed));
        },
      };
      signal.addEventListener('abort', () => {
        const at = downloading.indexOf(entry);
        if (at !== -1) downloading.splice(at, 1);
        if (entry.download !== null) void bridge.cancelDownload({ download: entry.download }).catch(() => undefined);
        reject(signal.reason);
      });
      downloading.push(entry);
      entry.url = start();
    });
  }

  async function saveOne(task: FileTask, recording: SavedRecording, toFolder: boolean, signal: AbortSignal) {
    const { id, format } = task;
    if (format === null) return;
    const { name, content } = await audioFiles.exportRecording({
      id: recording.id,
      title: recording.name,
      format,
      signal,
      // Each change renders the list.
      onProgress: (part) => Math.round(part * 100) !== Math.round((find(id)?.part ?? 0) * 100) && change(id, { part }),
    });
    signal.throwIfAborted();
    if (shell === 'tab') {
      saveFile(content, name);
      store.setState({ done: text.recordingFiles.inDownloads({ name }) });
      return remove((other) => other.id !== id);
    }
    if (toFolder) await bridge.saveNextToFolder();
    change(id, { state: 'saving', part: null, name });
    await download(id, () => saveFile(content, name), signal);
    const earlier = store.getState().tasks.filter((other) => other.state === 'saved');
    const files = 1 + earlier.reduce((sum, other) => sum + other.files, 0);
    remove((other) => other.state !== 'saved');
    change(id, { state: 'saved', files });
    const saved = find(id)?.name ?? name;
    store.setState({ done: text.recordingFiles.saved({ name: saved, files }) });
  }

  async function importOne({ id }: FileTask, file: File, signal: AbortSignal, imported: string[]): Promise<void> {
    const recording = await audioFiles.importFile({
      file,
      signal,
      onProgress: (part) => Math.round(part * 100) !== Math.round((find(id)?.part ?? 0) * 100) && change(id, { part }),
    });
    imported.push(recording.id);
    remove((task) => task.id !== id);
  }

  function select(imported: readonly string[]): void {
    if (imported.length === 0) return;
    store.setState({ imported, done: text.recordingFiles.imported({ files: imported.length }) });
  }

  const stop = bridge.onDownload((report) => {
    const known =
      downloading.find((entry) => entry.download === report.download) ??
      downloading.find((entry) => entry.download === null && entry.url === report.url);
    if (known === undefined) return;
    known.download = report.download;
    known.onReport(report);
  });

  const self: FileTasksStore = {
    ...store,
    async save(recordings, format) {
      remove((task) => task.state !== 'saved');
      let toFolder = false;
      if (recordings.length > 1) {
        toFolder = await bridge.chooseSaveFolder().catch(() => false);
        if (!toFolder) return;
      }
      const left = recordings.length - MAX_FILES_AT_ONCE;
      if (left > 0) addLeftOut('save', left, MAX_FILES_AT_ONCE);
      await Promise.all(
        recordings.slice(0, MAX_FILES_AT_ONCE).map((recording) => {
          const task = add({ kind: 'save', name: recording.name, recording: recording.id, format });
          const again = () => self.save([recording], format);
          return run(task, (signal) => saveOne(task, recording, toFolder, signal), again);
        }),
      );
    },
    async import(files, folders = []) {
      const sentence = text.recordingFiles.folder;
      for (const name of folders.slice(0, MAX_IMPORTED_FILES)) add({ kind: 'import', name, state: 'failed', sentence });
      const imported: string[] = [];
      const left = files.length - MAX_IMPORTED_FILES;
      if (left > 0) addLeftOut('import', left, MAX_IMPORTED_FILES);
      await Promise.all(
        files.slice(0, MAX_IMPORTED_FILES).map((file) => {
          const task = add({ kind: 'import', name: file.name });
          const again = () => self.import([file]);
          return run(task, (signal) => importOne(task, file, signal, imported), again);
        }),
      );
      select(imported);
    },
    async retry(id) {
      const again = retries.get(id);
      remove((task) => task.id !== id);
      await again?.();
    },
    cancel(id) {
      controllers.get(id)?.abort(new EarshotError('cancelled', text.audioFiles.errors.cancelled));
      remove((task) => task.id !== id);
    },
    fail(name, sentence) {
      // One such sentence is enough: the user may try several times.
      remove((task) => task.sentence !== sentence);
      add({ kind: 'save', name, state: 'failed', sentence });
    },
    dismiss: (id) => remove((task) => task.id !== id),
    async show(id) {
      const found = find(id);
      if (!found?.download) return;
      try {
        await bridge.showDownload({ download: found.download });
      } catch (error) {
        change(id, { state: 'failed', sentence: sentenceOf(error, text.recordingFiles.notShown) });
      }
    },
    dispose() {
      stop();
      for (const controller of controllers.values()) controller.abort();
    },
  };
  return self;
}
