import { Settings } from '../../shared/settings.ts';
import { migrate, SETTINGS_VERSION, type SettingsForm, VERSION_NAME, versionOf } from './settings-migrations.ts';

/** What a settings file contains. */
export type StoredSettings =
  /** Settings, migrated to the current version. `wrong`: the names of values that were replaced by their defaults. */
  | { kind: 'settings'; settings: Settings; wrong: string[] }
  /** Written by a later Earshot: its values may have another meaning. */
  | { kind: 'newer' }
  /** Not a settings file. */
  | { kind: 'damaged' };

/** Parses a settings file of any version. Unknown names are ignored. Pure. */
export function parseStoredSettings(text: string): StoredSettings {
  const form = storedObject(text);
  if (form === null) return { kind: 'damaged' };
  const version = versionOf(form);
  if (version !== null && version > SETTINGS_VERSION) return { kind: 'newer' };
  // A wrong version is most likely a typing error in a current file.
  return readForm(migrate(form, version ?? SETTINGS_VERSION), version === null ? [VERSION_NAME] : []);
}

/** The object in a settings file, not checked; null: there is none. Pure. */
export function storedObject(text: string): SettingsForm | null {
  try {
    // Editors on Windows may add a byte order mark.
    const stored: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as SettingsForm) : null;
  } catch {
    return null;
  }
}

function readForm(form: SettingsForm, wrong: string[]): StoredSettings {
  const usable: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(Settings.shape)) {
    if (!Object.hasOwn(form, name)) continue;
    const value = form[name];
    if (schema.safeParse(value).success) usable[name] = value;
    else wrong.push(name);
  }
  return { kind: 'settings', settings: Settings.parse(usable), wrong };
}
