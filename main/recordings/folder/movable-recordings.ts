import { randomBytes } from 'node:crypto';
import { describeError, EarshotError } from '../../../shared/errors.ts';
import { RECORDINGS_FOLDER_MISSING, type RecordingsFolder } from '../../../shared/recordings-folder.ts';
import { HostError, sentenceOf } from '../../text/host-error.ts';
import type { Disk } from '../disk.ts';
import type { RecordingImports } from '../recording-imports.ts';
import type { Launches } from '../recording-repair.ts';
import type { Recordings } from '../recordings.ts';
import { isFolderPresent } from './existing-folder-disk.ts';
import { type FolderState, folderFile, type Move } from './folder-file.ts';
import { finishMove, rollBack, Staging, stagingFolder } from './folder-move.ts';
import type { MoveDisk } from './move-disk.ts';
import { defaultFolder } from './open-folder.ts';
import { isSameVolume, markFolder, prepareTarget, unmarkFolder } from './target-folder.ts';

/** How often (ms) a move looks whether the recording in progress has ended, and at what has changed since. */
const WAIT_MS = 500;
/** Progress is reported at most this often (ms). */
const REPORT_EVERY_MS = 200;

/** The recordings of one folder, and the imports into it. */
interface FolderContent {
  recordings: Recordings;
  imports: RecordingImports;
}

export interface MovableRecordingsOptions {
  dataDir: string;
  state: FolderState;
  launches: Launches;
  disk: Pick<Disk, 'lstat'>;
  moveDisk: MoveDisk;
  /**
   * @param chosen whether the user chose the folder: then it must never be created
   * @param onChecked called after each check of the folder, with why it could not be read, or null
   */
  open(dir: string, chosen: boolean, onChecked: (failure: unknown) => void): FolderContent;
  onChange(folder: RecordingsFolder): void;
  onMoved(from: string, to: string): void;
  onProblem(error: EarshotError): void;
}

/** The recordings, whose folder the user may change while Earshot runs. */
export interface MovableRecordings extends FolderContent {
  folder(): Promise<RecordingsFolder>;
  /**
   * Begins to use another folder, and moves what is there. Resolves when the checks have passed; `onChange` tells the
   * rest.
   * @param chosen from the system's dialog; null: the default folder
   * @throws {EarshotError} why the folder can't be used, `move_running`, `folder_in_use`
   */
  moveTo(chosen: string | null): Promise<void>;
  /** Undoes a move whose copies are not complete yet. */
  cancelMove(): void;
  /** Undoes a move and waits. Never rejects. */
  closeMove(): Promise<void>;
}

export function createMovableRecordings(options: MovableRecordingsOptions): MovableRecordings {
  const { dataDir, launches, disk, moveDisk, onChange, onMoved, onProblem } = options;
  const path = folderFile(dataDir);
  const standard = defaultFolder(dataDir);
  let { state } = options;
  let dir = state.folder ?? standard;
  /** Whether the windows were told that the folder is missing. */
  let missing = false;
  let current = openFolder();
  /** Calls that may change files, and how many have begun or ended. */
  let inProgress = 0;
  let changes = 0;
  const turns = new Set<string>();
  let move: RecordingsFolder['move'] = null;
  let error: string | null = null;
  let cancelling = new AbortController();
  let running: Promise<void> | null = null;
  /** Ends when the new folder has all files. */
  let ready: Promise<unknown> = Promise.resolve();
  let lastReport = 0;

  async function changing<T>(work: () => Promise<T>): Promise<T> {
    await ready;
    inProgress++;
    changes++;
    try {
      return await work();
    } finally {
      inProgress--;
      changes++;
    }
  }
  const reading = async <T>(work: () => Promise<T>): Promise<T> => ready.then(work);

  /** Opens `dir`. When it disappears or is back, the windows are told. */
  function openFolder(): FolderContent {
    const of = dir;
    return options.open(of, state.folder !== null, (failure) => {
      const isMissing = failure instanceof EarshotError && failure.code === RECORDINGS_FOLDER_MISSING;
      if (of !== dir || isMissing === missing) return;
      missing = isMissing;
      report({});
    });
  }

  async function folder(): Promise<RecordingsFolder> {
    const present = state.folder === null || (await isFolderPresent(disk, dir));
    return { path: dir, is_default: state.folder === null, present, move, error };
  }

  function report(change: { move?: RecordingsFolder['move']; error?: string | null }, now = true): void {
    if (change.move !== undefined) move = change.move;
    if (change.error !== undefined) error = change.error;
    if (!now && performance.now() - lastReport < REPORT_EVERY_MS) return;
    lastReport = performance.now();
    void folder().then(onChange);
  }

  /** @throws {EarshotError} `folder_in_use` */
  async function requireAlone(): Promise<void> {
    if (await launches.othersRunning()) throw new HostError('folder_in_use', ({ folderInUse }) => folderInUse);
  }

  function use(next: string, nextState: FolderState): FolderContent {
    const before = current;
    moveDisk.saveStateSync(path, nextState);
    state = nextState;
    dir = next;
    current = openFolder();
    return before;
  }

  async function run(to: string, signal: AbortSignal): Promise<void> {
    const from = dir;
    const planned: Move = {
      id: randomBytes(8).toString('hex'),
      launch: launches.current ?? 'launch',
      from,
      to,
      phase: 'copying',
      files: [],
    };
    const progress = (step: 'copying' | 'waiting' | 'finishing') => (files: number, all_files: number) =>
      report({ move: { to, step, files, all_files } }, false);
    let marked = false;
    let before: FolderContent;
    const staging = new Staging(moveDisk, planned);
    const folderOf = (path: string) => (path === standard ? null : path);
    try {
      moveDisk.saveStateSync(path, { ...state, move: planned });
      state = { ...state, move: planned };
      marked = folderOf(to) !== null && (await markFolder(to));
      for (let step: 'copying' | 'waiting' = 'copying'; ; ) {
        signal.throwIfAborted();
        const begun = changes;
        const open = [...turns, ...current.recordings.unfinished()];
        const isOpen = (id: string) => open.some((name) => id === name || id.startsWith(`${name}-`));
        const settled = await staging.update(isOpen, signal, progress(step));
        if (settled) await requireAlone();
        signal.throwIfAborted();
        if (settled && inProgress === 0 && turns.size === 0 && changes === begun) break;
        // A second round at once finds nothing new, unless something is being recorded or changed.
        if (step === 'waiting' || turns.size > 0 || inProgress > 0) await pause(WAIT_MS, signal);
        step = 'waiting';
      }
      // In one tick with the last check, so that nothing can begin in between.
      before = use(to, {
        ...state,
        folder: folderOf(to),
        move: { ...planned, phase: 'finishing', files: staging.files },
      });
    } catch (cause) {
      return await undo(cause);
    }
    report({ move: { to, step: 'finishing', files: 0, all_files: staging.files.length } });
    const finished = (async () => {
      await Promise.all([before.imports.cancelAll(), before.recordings.close()]);
      const { move: last } = state;
      if (last !== null) await finishMove(moveDisk, last);
      moveDisk.saveStateSync(path, { ...state, move: null });
      state = { ...state, move: null };
    })();
    ready = finished.catch(() => undefined);
    try {
      await finished;
      report({ move: null, error: null });
      onMoved(from, to);
    } catch (cause) {
      const why = describeError(cause);
      const problem = new HostError('move_unfinished', (errors) => errors.moveUnfinished({ why, from }), { cause });
      onProblem(problem);
      report({ move: null, error: sentenceOf(problem) });
    }
    void current.recordings.repair();

    async function undo(cause: unknown): Promise<void> {
      try {
        await rollBack(moveDisk, planned);
        if (marked) await unmarkFolder(to);
      } catch {
        onProblem(new EarshotError('move_copies_left', `Copies are left in ${stagingFolder(planned)}. Remove them.`));
      }
      try {
        moveDisk.saveStateSync(path, { ...state, move: null });
      } catch {
        // The next start undoes it again.
      }
      state = { ...state, move: null };
      if (signal.aborted) return report({ move: null, error: null });
      const problem =
        cause instanceof EarshotError
          ? cause
          : new HostError('move_failed', (errors) => errors.moveFailed({ why: describeError(cause), from }), { cause });
      onProblem(problem);
      report({ move: null, error: sentenceOf(problem) });
    }
  }

  async function moveTo(chosen: string | null): Promise<void> {
    if (running !== null) throw new HostError('move_running', (errors) => errors.moveRunning);
    if (state.move !== null) throw new HostError('move_unfinished', ({ moveNotEnded }) => moveNotEnded);
    const signal = cancelling.signal;
    const { present } = await folder();
    await requireAlone();
    const target = await prepareTarget({
      chosen: chosen ?? standard,
      current: dir,
      dataDir,
      defaultDir: standard,
      bytes: 0,
    });
    if (present && !(await isSameVolume(dir, target).catch(() => true)))
      await prepareTarget({ chosen: target, current: dir, dataDir, defaultDir: standard, bytes: await bytesOf(dir) });
    if (running !== null) throw new HostError('move_running', (errors) => errors.moveRunning);
    if (!present && turns.size > 0) throw new HostError('turn_running', ({ turnRunning }) => turnRunning);
    if (!present) {
      // Nothing can be moved. What is on the missing drive stays there.
      await markFolder(target);
      const before = use(target, { ...state, folder: target === standard ? null : target });
      void before.recordings.close();
      void current.recordings.repair();
      return report({ error: null });
    }
    report({ move: { to: target, step: 'copying', files: 0, all_files: 0 }, error: null });
    running = run(target, signal).finally(() => {
      running = null;
      cancelling = new AbortController();
    });
    running.catch(() => undefined);
  }

  /** Bytes of the files of a folder, to the first level. */
  async function bytesOf(of: string): Promise<number> {
    let bytes = 0;
    for (const name of await moveDisk.readdir(of)) bytes += (await moveDisk.lstat(`${of}/${name}`))?.size ?? 0;
    return bytes;
  }

  const library = () => current.recordings;
  const imports = () => current.imports;
  return {
    folder,
    moveTo,
    cancelMove: () => cancelling.abort(),
    async closeMove() {
      cancelling.abort();
      await running;
    },
    recordings: {
      begin(turn) {
        const key = `${turn.sessionId} ${turn.turn}`;
        turns.add(key);
        changes++;
        const recording = library().begin(turn);
        return {
          ...recording,
          finish: (ending) =>
            recording.finish(ending).finally(() => {
              turns.delete(key);
              changes++;
            }),
        };
      },
      repair: () => changing(() => library().repair()),
      list: () => reading(() => library().list()),
      noteImported: (info) => library().noteImported(info),
      unfinished: () => library().unfinished(),
      page: (query) => reading(() => library().page(query)),
      describe: (description) => changing(() => library().describe(description)),
      delete: (ids) => changing(() => library().delete(ids)),
      restore: (ids) => changing(() => library().restore(ids)),
      waveform: (id, buckets) => reading(() => library().waveform(id, buckets)),
      previewRetention: (policy) => reading(() => library().previewRetention(policy)),
      trim: (range) => changing(() => library().trim(range)),
      urlOf: (id) => reading(() => library().urlOf(id)),
      pathOf: (id) => reading(() => library().pathOf(id)),
      serve: (request) => reading(() => library().serve(request)),
      renewUrls: () => library().renewUrls(),
      close: () => library().close(),
    },
    imports: {
      begin: (name) => changing(() => imports().begin(name)),
      receive: (piece) => changing(() => imports().receive(piece)),
      finish: (id) => changing(() => imports().finish(id)),
      cancel: (id) => changing(() => imports().cancel(id)),
      cancelAll: () => imports().cancelAll(),
      removeLeftovers: () => imports().removeLeftovers(),
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
