import { constants, copyFileSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings, SettingsPatch, type SettingsProblem } from '../../shared/settings.ts';
import { readOwnedFileSync, replaceFileSync, resolveOwnedLinkSync } from '../files/owned-files.ts';
import { HostError } from '../text/host-error.ts';
import { SETTINGS_VERSION, VERSION_NAME } from './settings-migrations.ts';
import { parseStoredSettings, type StoredSettings } from './stored-settings.ts';

const FILE_NAME = 'settings.json';
/** Only the user may read the settings. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Size limit of the file, about a thousand times its usual size. */
const MAX_BYTES = 1024 * 1024;
const WHAT = {
  damaged: 'The settings file was damaged',
  newer: 'The settings file was written by a newer version of Earshot',
} as const;

export interface SettingsOptions {
  /** The folder of `settings.json`; created at the first change. */
  dir: string;
  /** A setting has changed. */
  onChange?: (settings: Settings) => void;
  /**
   * The file can't be used as it is. Called at most once during `createSettings`, and again if another program damages
   * the file later.
   */
  onProblem?: (error: EarshotError, problem: SettingsProblem) => void;
  /** The time in the name of a backup. Default: the wall clock. */
  now?: () => Date;
}

/** The user's settings. */
export interface SettingsStore {
  get(): Settings;
  /**
   * Changes and saves some settings.
   * @throws {EarshotError} `bad_settings`: nothing has changed; `settings_not_saved`: changed until the app ends
   */
  change(patch: SettingsPatch): Settings;
}

/**
 * Opens `<dir>/settings.json`, of this version or an earlier one. A file that can't be used is renamed and stays
 * unchanged: to `settings.json.bad-<time>` if it is damaged, to `settings.json.newer-<time>` if a later Earshot has
 * written it. Single wrong values are replaced by their defaults, with a copy of the file beside it. Unknown names stay.
 */
export function createSettings(options: SettingsOptions): SettingsStore {
  const { dir, onChange, onProblem, now = () => new Date() } = options;
  const path = join(dir, FILE_NAME);
  const report = ({ code, message, kind, file, cause }: FileProblem) =>
    onProblem?.(new EarshotError(code, message, { cause }), { kind, file });
  const loaded = loadSettings(path, now);
  let current = loaded.settings;
  /** Whether `current` has been saved. */
  let saved = true;

  /** Writes all settings, including those whose last save failed. */
  const save = (): void => {
    const stored = inspect(path);
    if (stored?.kind === 'newer') throw new HostError('settings_newer', ({ settingsNewer }) => settingsNewer);
    if (stored?.kind === 'damaged' || (stored?.kind === 'settings' && stored.wrong.length > 0)) {
      const problem = setAside(path, stored, now);
      // Nothing of the user's is overwritten.
      if (problem.kind === 'not_kept') throw new EarshotError(problem.code, problem.message, { cause: problem.cause });
      report(problem);
    }
    write(stored?.kind === 'settings' ? stored.form : {});
  };
  /** @param form what the file has, whose unknown names stay */
  const write = (form: object): void => {
    const content = { ...form, ...current, [VERSION_NAME]: SETTINGS_VERSION };
    mkdirSync(dir, { recursive: true, mode: FOLDER_MODE });
    replaceFileSync(linkTarget(path), JSON.stringify(content, undefined, '\t'), FILE_MODE, { flush: true });
  };

  if (loaded.problem !== null) report(loaded.problem);
  if (loaded.rewrite !== null) {
    try {
      write(loaded.rewrite);
    } catch {
      // The problem has been reported. The next change retries and reports a failure.
    }
  }

  return {
    get: () => current,
    change(patch) {
      const parsed = SettingsPatch.safeParse(patch);
      if (!parsed.success) {
        const name = parsed.error.issues[0]?.path.join('.') || 'settings';
        throw new HostError('bad_settings', ({ badSetting }) => badSetting({ name }));
      }
      // `undefined` leaves a setting unchanged instead of resetting it.
      const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
      // Another instance with the same folder may have changed other settings. Keep own values that could not be saved.
      if (saved) current = { ...current, ...readSaved(path) };
      const next: Settings = { ...current, ...Object.fromEntries(given) };
      const changed = given.some(([name]) => next[name as keyof Settings] !== current[name as keyof Settings]);
      current = next;
      let failure: EarshotError | null = null;
      try {
        save();
        saved = true;
      } catch (cause) {
        saved = false;
        const why = describeError(cause);
        failure = new HostError('settings_not_saved', ({ settingsNotSaved }) => settingsNotSaved({ why, dir }), {
          cause,
        });
      }
      if (changed) onChange?.(current);
      if (failure !== null) throw failure;
      return current;
    },
  };
}

/**
 * Reads and parses the file before it is written; null: it is missing. A file that can't be read must not be replaced.
 * @throws {EarshotError} `file_unsafe` if the path is not a regular file of the user
 * @throws the system's error
 */
function inspect(path: string): StoredSettings | null {
  let content: string;
  try {
    content = readText(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return parseStoredSettings(content);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ENOENT';
}

/** Reads the file, following a safe link of the user. @throws as `readOwnedFileSync` and `resolveOwnedLinkSync` */
function readText(path: string): string {
  return readOwnedFileSync(resolveOwnedLinkSync(path), MAX_BYTES);
}

/** The settings in the file; empty if it can't be used as it is. */
function readSaved(path: string): Partial<Settings> {
  try {
    const stored = parseStoredSettings(readText(path));
    return stored.kind === 'settings' && stored.wrong.length === 0 ? stored.settings : {};
  } catch {
    return {};
  }
}

/** The file that a safe link of the user leads to; `path` if it is none or does not exist. */
function linkTarget(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? path : resolveOwnedLinkSync(path);
}

interface FileProblem extends SettingsProblem {
  code: 'settings_damaged' | 'settings_newer' | 'settings_unsafe' | 'settings_unreadable';
  /** A sentence for the log. */
  message: string;
  cause?: unknown;
}

interface LoadedSettings {
  settings: Settings;
  problem: FileProblem | null;
  /** What to write again without the wrong values; null: nothing. */
  rewrite: object | null;
}

function loadSettings(path: string, now: () => Date): LoadedSettings {
  const defaults = (problem: FileProblem | null) => ({ settings: DEFAULT_SETTINGS, problem, rewrite: null });
  let content: string;
  try {
    content = readText(path);
  } catch (cause) {
    if (isMissing(cause)) return defaults(null);
    if (cause instanceof EarshotError) return defaults(setUnsafeAside(path, cause, now));
    const message = `The settings could not be read (${describeError(cause)}). Earshot uses the defaults; check the permissions of ${path}, then restart it.`;
    return defaults({ code: 'settings_unreadable', message, kind: 'unreadable', file: path, cause });
  }
  const stored = parseStoredSettings(content);
  if (stored.kind !== 'settings') return defaults(setAside(path, stored, now));
  if (stored.wrong.length === 0) return { settings: stored.settings, problem: null, rewrite: null };
  const problem = setAside(path, stored, now);
  return { settings: stored.settings, problem, rewrite: problem.kind === 'not_kept' ? null : stored.form };
}

/** Renames a file that can't be used, or copies one with wrong values, whose other values stay in use. */
function setAside(path: string, stored: StoredSettings, now: () => Date): FileProblem {
  const code = stored.kind === 'newer' ? 'settings_newer' : 'settings_damaged';
  const what =
    stored.kind === 'settings' ? `The settings file had wrong values (${stored.wrong.join(', ')})` : WHAT[stored.kind];
  const file = backupName(path, stored.kind === 'newer' ? 'newer' : 'bad', now);
  try {
    if (stored.kind === 'settings') copyFileSync(path, file, constants.COPYFILE_EXCL);
    else renameSync(path, file);
  } catch (cause) {
    const message = `${what}, and it could not be backed up (${describeError(cause)}). Earshot uses the defaults instead; check the permissions of the folder ${dirname(path)}.`;
    return { code, message, kind: 'not_kept', file: path, cause };
  }
  const kind = stored.kind === 'settings' ? 'wrong_values' : stored.kind;
  return {
    code,
    message: `${what}. Earshot uses the defaults instead; the old file is kept as ${basename(file)}.`,
    kind,
    file,
  };
}

function backupName(path: string, why: 'bad' | 'newer', now: () => Date): string {
  return `${path}.${why}-${now().toISOString().replace(/[:.]/g, '-')}`;
}

/** Renames an unsafe file or link that has the name of the settings, so that another user's settings are not used. */
function setUnsafeAside(path: string, cause: EarshotError, now: () => Date): FileProblem {
  const file = backupName(path, 'bad', now);
  const code = 'settings_unsafe';
  try {
    renameSync(path, file);
  } catch (error) {
    const message = `${cause.message} Earshot uses the defaults; it could not be renamed (${describeError(error)}).`;
    return { code, message, kind: 'not_kept', file: path, cause };
  }
  return {
    code,
    message: `${cause.message} Earshot uses the defaults; it is kept as ${basename(file)}.`,
    kind: 'unsafe',
    file,
  };
}
