import { DEFAULT_SETTINGS, Settings } from '../../shared/settings.ts';

/** The content of a settings file. */
export interface StoredSettings {
  settings: Settings;
  /** Names of wrong values; null if the text is not a settings file. */
  wrong: string[] | null;
}

/** Parses a settings file. Each wrong value is replaced by its default. Unknown names are ignored. */
export function parseStoredSettings(text: string): StoredSettings {
  let stored: unknown;
  try {
    // Editors on Windows may add a byte order mark.
    stored = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return { settings: DEFAULT_SETTINGS, wrong: null };
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return { settings: DEFAULT_SETTINGS, wrong: null };
  }
  const usable: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, schema] of Object.entries(Settings.shape)) {
    if (!Object.hasOwn(stored, name)) continue;
    const value = (stored as Record<string, unknown>)[name];
    if (schema.safeParse(value).success) usable[name] = value;
    else wrong.push(name);
  }
  return { settings: Settings.parse(usable), wrong };
}
