import { DEFAULT_SETTINGS, Settings } from '../../shared/settings.ts';

/** What a settings file holds: what could be used of it, and what could not. */
export interface StoredSettings {
  settings: Settings;
  /** Names of wrong values; `null` where the whole file is none of ours. */
  wrong: string[] | null;
}

/** Reads a settings file's text: a wrong value gives way to its default and spoils no other. Unknown names are no fault. */
export function parseStoredSettings(text: string): StoredSettings {
  let stored: unknown;
  try {
    // Editors on Windows may put a byte order mark in front.
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
