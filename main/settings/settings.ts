import { constants, copyFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import Conf from 'conf';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS, Settings, SettingsPatch } from '../../shared/settings.ts';
import { readOwnedFileSync, resolveOwnedLinkSync } from '../files/owned-files.ts';
import { parseStoredSettings } from './stored-settings.ts';

const FILE_NAME = 'settings';
/** Only the user may read the settings. */
const FILE_MODE = 0o600;
/** Size limit of the file, about a thousand times its usual size. */
const MAX_BYTES = 1024 * 1024;

export interface SettingsOptions {
  /** The folder of `settings.json`; created at the first change. */
  dir: string;
  /** A setting has changed. */
  onChange?: (settings: Settings) => void;
  /** The file was damaged or can't be read. Called at most once, during `createSettings`. */
  onProblem?: (error: EarshotError) => void;
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
 * Opens `<dir>/settings.json`. A damaged file is kept as `settings.json.bad-<time>`, and wrong values are replaced by
 * their defaults. Unknown names stay in the file.
 */
export function createSettings(options: SettingsOptions): SettingsStore {
  const { dir, onChange, onProblem, now = () => new Date() } = options;
  const loaded = loadSettings(dir, now);
  let current = loaded.settings;
  let conf: Conf<Settings> | null = null;
  /** Whether `current` has been saved. */
  let saved = true;

  /** Writes all settings, including those whose last save failed. */
  const save = (): void => {
    // Conf follows any link and blocks on a FIFO. It also writes a temporary file next to the target without O_EXCL,
    // which is safe because no other user can write to the folder.
    refuseUnsafe(join(dir, `${FILE_NAME}.json`));
    // clearInvalidConfig: a file that another program has damaged since is replaced by the current settings.
    conf ??= new Conf<Settings>({
      projectName: 'earshot',
      cwd: dir,
      configName: FILE_NAME,
      configFileMode: FILE_MODE,
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: true,
    });
    conf.set(current);
  };

  if (loaded.problem !== null) onProblem?.(loaded.problem);
  if (loaded.rewrite) {
    try {
      save();
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
        throw new EarshotError('bad_settings', `This value of "${name}" is not possible. Choose another one.`);
      }
      // `undefined` leaves a setting unchanged instead of resetting it.
      const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
      // Another instance with the same folder may have changed other settings. Keep own values that could not be saved.
      if (saved) current = { ...current, ...readSaved(dir) };
      const next: Settings = { ...current, ...Object.fromEntries(given) };
      const changed = given.some(([name]) => next[name as keyof Settings] !== current[name as keyof Settings]);
      current = next;
      let failure: EarshotError | null = null;
      try {
        save();
        saved = true;
      } catch (cause) {
        saved = false;
        failure = new EarshotError(
          'settings_not_saved',
          `The setting applies until Earshot ends, but could not be saved (${describeError(cause)}). Check the permissions and the free space of the folder ${dir}, then change it again.`,
          { cause },
        );
      }
      if (changed) onChange?.(current);
      if (failure !== null) throw failure;
      return current;
    },
  };
}

/** @throws {EarshotError} `file_unsafe` if the path is not a regular file of the user */
function refuseUnsafe(path: string): void {
  try {
    readText(path);
  } catch (error) {
    if (error instanceof EarshotError) throw error;
  }
}

/** Reads the file, following a safe link of the user. @throws as `readOwnedFileSync` and `resolveOwnedLinkSync` */
function readText(path: string): string {
  return readOwnedFileSync(resolveOwnedLinkSync(path), MAX_BYTES);
}

/** The settings in the file; empty if it is missing or can't be read. */
function readSaved(dir: string): Partial<Settings> {
  try {
    const parsed = Settings.safeParse(JSON.parse(readText(join(dir, `${FILE_NAME}.json`))));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

interface LoadedSettings {
  settings: Settings;
  problem: EarshotError | null;
  /** Whether to rewrite the file without the wrong values. */
  rewrite: boolean;
}

function loadSettings(dir: string, now: () => Date): LoadedSettings {
  const path = join(dir, `${FILE_NAME}.json`);
  let text: string;
  try {
    text = readText(path);
  } catch (cause) {
    const missing = cause instanceof Error && (cause as { code?: unknown }).code === 'ENOENT';
    if (missing) return { settings: DEFAULT_SETTINGS, problem: null, rewrite: false };
    if (cause instanceof EarshotError) return backUpUnsafe(path, cause, now);
    const message = `The settings could not be read (${describeError(cause)}). Earshot uses the defaults; check the permissions of ${path}, then restart it.`;
    return {
      settings: DEFAULT_SETTINGS,
      problem: new EarshotError('settings_unreadable', message, { cause }),
      rewrite: false,
    };
  }
  const { settings, wrong } = parseStoredSettings(text);
  if (wrong !== null && wrong.length === 0) return { settings, problem: null, rewrite: false };

  const backup = backupName(path, now);
  const what =
    wrong === null ? 'The settings file was damaged' : `The settings file had wrong values (${wrong.join(', ')})`;
  try {
    if (wrong === null) renameSync(path, backup);
    else copyFileSync(path, backup, constants.COPYFILE_EXCL);
  } catch (cause) {
    const message = `${what}, and it could not be backed up (${describeError(cause)}). Earshot uses the defaults instead; check the permissions of the folder ${dir}.`;
    return { settings, problem: new EarshotError('settings_damaged', message, { cause }), rewrite: false };
  }
  const message = `${what}. Earshot uses the defaults instead; the old file is kept as ${basename(backup)}.`;
  return { settings, problem: new EarshotError('settings_damaged', message), rewrite: wrong !== null };
}

function backupName(path: string, now: () => Date): string {
  return `${path}.bad-${now().toISOString().replace(/[:.]/g, '-')}`;
}

/** Renames an unsafe file or link that has the name of the settings, so that another user's settings are not used. */
function backUpUnsafe(path: string, refusal: EarshotError, now: () => Date): LoadedSettings {
  const backup = backupName(path, now);
  let kept = `it is kept as ${basename(backup)}`;
  try {
    renameSync(path, backup);
  } catch (cause) {
    kept = `it could not be renamed (${describeError(cause)})`;
  }
  const message = `${refusal.message} Earshot uses the defaults; ${kept}.`;
  return {
    settings: DEFAULT_SETTINGS,
    problem: new EarshotError('settings_unsafe', message, { cause: refusal }),
    rewrite: false,
  };
}
