import { constants, copyFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import Conf from 'conf';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS, Settings, SettingsPatch } from '../../shared/settings.ts';
import { followOwnLinkSync, readOwnFileSync } from '../files/own-files.ts';
import { parseStoredSettings } from './stored-settings.ts';

const FILE_NAME = 'settings';
/** Only the user may read what they chose. */
const FILE_MODE = 0o600;
/** A thousand times what a settings file holds. */
const MAX_BYTES = 1024 * 1024;

export interface SettingsOptions {
  /** The folder of `settings.json`; made at the first change. */
  dir: string;
  /** Settings are different now. */
  onChange?: (settings: Settings) => void;
  /** The file was damaged or can't be read; said at most once, while the settings are opened. */
  onProblem?: (error: EarshotError) => void;
  /** For the name of a damaged file that is kept aside. Default: the wall clock. */
  now?: () => Date;
}

/** What the user chose. */
export interface SettingsStore {
  get(): Settings;
  /**
   * Changes some settings, for good.
   * @throws {EarshotError} `bad_settings`: nothing has changed; `settings_not_saved`: changed, but only for this run
   */
  change(patch: SettingsPatch): Settings;
}

/**
 * Opens `<dir>/settings.json`. A damaged file is kept aside as `settings.json.bad-<time>`; what was wrong in it starts
 * from its default again. Names that this version does not know stay in the file.
 */
export function createSettings(options: SettingsOptions): SettingsStore {
  const { dir, onChange, onProblem, now = () => new Date() } = options;
  const opened = open(dir, now);
  let current = opened.settings;
  let conf: Conf<Settings> | null = null;
  /** What is in force is what the file holds. */
  let saved = true;

  /** Writes all settings, so that what could not be saved before is saved now. */
  const save = (): void => {
    // The library below would follow any link, and wait for a FIFO. It writes beside where a link leads, under a name of its own
    // that it does not open exclusively: nobody else can write into a folder that is good enough for us.
    refuseUnsafe(join(dir, `${FILE_NAME}.json`));
    // clearInvalidConfig: a file damaged by others while we ran is replaced by what is in force.
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

  if (opened.problem !== null) onProblem?.(opened.problem);
  if (opened.mend) {
    try {
      save();
    } catch {
      // The problem is told already; the next change tries again and says what is in the way.
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
      // A name that is there without a value is left as it is, and not reset to its default.
      const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
      // Another instance on the same folder may have changed others since; what could not be saved here is not lost to it.
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
          `The setting holds until Earshot ends, but could not be saved (${describeError(cause)}). Check the rights of the folder ${dir} and its free space, then change it again.`,
          { cause },
        );
      }
      if (changed) onChange?.(current);
      if (failure !== null) throw failure;
      return current;
    },
  };
}

/** @throws {EarshotError} `file_unsafe` where something else than a file of ours has its name */
function refuseUnsafe(path: string): void {
  try {
    readText(path);
  } catch (error) {
    if (error instanceof EarshotError) throw error;
  }
}

/** @throws as `readOwnFileSync`, but for a link of our own to a file of ours, which is followed */
function readText(path: string): string {
  return readOwnFileSync(followOwnLinkSync(path), MAX_BYTES);
}

/** What the file holds now; nothing where it is missing or can't be read. */
function readSaved(dir: string): Partial<Settings> {
  try {
    const parsed = Settings.safeParse(JSON.parse(readText(join(dir, `${FILE_NAME}.json`))));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

interface Opened {
  settings: Settings;
  problem: EarshotError | null;
  /** Whether the file should be written anew, without what was wrong. */
  mend: boolean;
}

function open(dir: string, now: () => Date): Opened {
  const path = join(dir, `${FILE_NAME}.json`);
  let text: string;
  try {
    text = readText(path);
  } catch (cause) {
    const missing = cause instanceof Error && (cause as { code?: unknown }).code === 'ENOENT';
    if (missing) return { settings: DEFAULT_SETTINGS, problem: null, mend: false };
    if (cause instanceof EarshotError) return setAside(path, cause, now);
    const message = `The settings could not be read (${describeError(cause)}). Earshot uses the defaults; check the rights of ${path}, then restart it.`;
    return {
      settings: DEFAULT_SETTINGS,
      problem: new EarshotError('settings_unreadable', message, { cause }),
      mend: false,
    };
  }
  const { settings, wrong } = parseStoredSettings(text);
  if (wrong !== null && wrong.length === 0) return { settings, problem: null, mend: false };

  const aside = asideName(path, now);
  const what =
    wrong === null ? 'The settings file was damaged' : `The settings file had wrong values (${wrong.join(', ')})`;
  try {
    if (wrong === null) renameSync(path, aside);
    else copyFileSync(path, aside, constants.COPYFILE_EXCL);
  } catch (cause) {
    const message = `${what}, and it could not be kept aside (${describeError(cause)}). Earshot uses the defaults instead; check the rights of the folder ${dir}.`;
    return { settings, problem: new EarshotError('settings_damaged', message, { cause }), mend: false };
  }
  const message = `${what}. Earshot uses the defaults instead; the old file is kept as ${basename(aside)}.`;
  return { settings, problem: new EarshotError('settings_damaged', message), mend: wrong !== null };
}

function asideName(path: string, now: () => Date): string {
  return `${path}.bad-${now().toISOString().replace(/[:.]/g, '-')}`;
}

/** Renames what has the name of the settings and is no file of ours: another user's settings are not adopted. */
function setAside(path: string, refusal: EarshotError, now: () => Date): Opened {
  const aside = asideName(path, now);
  let kept = `it is kept as ${basename(aside)}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    kept = `it could not be renamed (${describeError(cause)})`;
  }
  const message = `${refusal.message} Earshot uses the defaults; ${kept}.`;
  return {
    settings: DEFAULT_SETTINGS,
    problem: new EarshotError('settings_unsafe', message, { cause: refusal }),
    mend: false,
  };
}
