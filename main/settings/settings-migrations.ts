import { DEFAULT_SETTINGS } from '../../shared/settings.ts';

/** A settings file as parsed from JSON, of any version. */
export type SettingsForm = Readonly<Record<string, unknown>>;

/** The name under which a settings file has its version. */
export const VERSION_NAME = 'schema_version';
/** The version of the files that this Earshot writes. Add a migration when a setting is renamed or changes its meaning. */
export const SETTINGS_VERSION = 1;

/** The migration at index `n` turns a file of version `n` into one of version `n + 1`. They are pure. */
const MIGRATIONS: readonly ((form: SettingsForm) => SettingsForm)[] = [fromVersion0];

/** Shortcuts within the window, all of them newer than `shortcut`. */
const WINDOW_KEYS = ['key_talk', 'key_pause', 'key_mute', 'key_log', 'key_new_window', 'key_search'] as const;

/**
 * Files without a version. Until then settings were only added, and missing ones have their defaults. But a default must
 * not change what the user already had:
 *
 * - The log was always visible, with every line. It stays so.
 * - Whoever has such a file knows Earshot, and does not see the first steps.
 * - The window's shortcuts got defaults. One that the user had chosen as the global shortcut stays the global one alone.
 */
function fromVersion0(form: SettingsForm): SettingsForm {
  const taken = WINDOW_KEYS.filter((name) => form[name] === undefined && form.shortcut === DEFAULT_SETTINGS[name]);
  return {
    log_open: true,
    log_detail: 'everything',
    first_steps_done: true,
    ...Object.fromEntries(taken.map((name) => [name, ''])),
    ...form,
  };
}

/** The version of a settings file; 0: from before there were versions; null: the value is no version. Pure. */
export function versionOf(form: SettingsForm): number | null {
  const version = form[VERSION_NAME];
  if (version === undefined) return 0;
  return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : null;
}

/** The same settings in the form of `SETTINGS_VERSION`. Unknown names stay. Pure. */
export function migrate(form: SettingsForm, version: number): SettingsForm {
  const migrated = MIGRATIONS.slice(version).reduce((before, step) => step(before), form);
  return { ...migrated, [VERSION_NAME]: SETTINGS_VERSION };
}
