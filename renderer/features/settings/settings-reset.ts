import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../../shared/settings.ts';

/** The settings of a field, as in `SettingsField`. */
export interface FieldKeys {
  keys?: readonly (keyof Settings)[];
  alsoResets?: readonly (keyof Settings)[];
}

/** Whether the field offers a reset: one of its settings differs from its default. Pure. */
export function isChanged({ keys = [] }: FieldKeys, settings: Settings): boolean {
  return keys.some((key) => settings[key] !== DEFAULT_SETTINGS[key]);
}

/** The change that gives all settings of these fields their defaults. Settings that have them are left out. Pure. */
export function resetPatch(fields: readonly FieldKeys[], settings: Settings): SettingsPatch {
  const keys = fields.flatMap(({ keys = [], alsoResets = [] }) => [...keys, ...alsoResets]);
  const different = keys.filter((key) => settings[key] !== DEFAULT_SETTINGS[key]);
  return Object.fromEntries(different.map((key) => [key, DEFAULT_SETTINGS[key]]));
}

/**
 * The change that undoes a reset. Settings that were changed again since then stay. Pure.
 * @param before the settings before the reset
 */
export function undoPatch(reset: SettingsPatch, before: Settings, now: Settings): SettingsPatch {
  const keys = (Object.keys(reset) as (keyof Settings)[]).filter((key) => now[key] === reset[key]);
  return Object.fromEntries(keys.map((key) => [key, before[key]]));
}
