import { Settings } from '../../shared/settings.ts';
import { migrate, SETTINGS_VERSION, type SettingsForm, VERSION_NAME, versionOf } from './settings-migrations.ts';

/** What a settings file contains. */
export type StoredSettings =
  /**
   * Settings, migrated to the current version. `wrong`: the names of values that were replaced by their defaults.
   * `form`: everything in the file, with names that this version does not know.
   */
  | { kind: 'settings'; settings: Settings; wrong: string[]; form: SettingsForm }
  /** Written by a later Earshot: its values may have another meaning. */
  | { kind: 'newer' }
  /** Not a settings file. */
  | { kind: 'damaged' };

/** Parses a settings file of any version. Pure. */
export function parseStoredSettings(text: string): StoredSettings {
  const form = storedObject(text);
  if (form === null) return { kind: 'damaged' };
  const version = versionOf(form);
  if (version !== null && version > SETTINGS_VERSION) return { kind: 'newer' };
  // A wrong version is most likely a typing error in a current file.
  const read = readForm(migrate(form, version ?? SETTINGS_VERSION), version === null ? [VERSION_NAME] : []);
  return { kind: 'settings', ...read, form };
}

/** The object in a settings file, not checked; null: there is none. */
function storedObject(text: string): SettingsForm | null {
  try {
    // Editors on Windows may add a byte order mark.
    const stored: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as SettingsForm) : null;
  } catch {
    return null;
  }
}

function readForm(form: SettingsForm, wrong: string[]): { settings: Settings; wrong: string[] } {
  const usable: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(Settings.shape)) {
    if (!Object.hasOwn(form, name)) continue;
    const value = form[name];
    if (schema.safeParse(value).success) usable[name] = value;
    else wrong.push(name);
  }
  return { settings: Settings.parse(usable), wrong };
}
