import type { Settings } from '../../shared/settings.ts';
import { acceleratorOf, type Keys, normalAccelerator } from './accelerator.ts';

/** The settings that hold a shortcut, in the order of their list. `shortcut` works in every program. */
export const SHORTCUTS = [
  'shortcut',
  'key_talk',
  'key_pause',
  'key_mute',
  'key_log',
  'key_new_window',
  'key_search',
] as const satisfies readonly (keyof Settings)[];
export type ShortcutName = (typeof SHORTCUTS)[number];
/** Those that work in the window only. */
export type WindowShortcut = Exclude<ShortcutName, 'shortcut'>;
export type ShortcutKeys = Pick<Settings, ShortcutName>;

/**
 * The other shortcuts that have the same keys as `name`. Pure.
 * @param platform as `process.platform` names it
 */
export function conflictsOf(name: ShortcutName, keys: string, all: ShortcutKeys, platform: string): ShortcutName[] {
  if (keys === '') return [];
  const wanted = normalAccelerator(keys, platform);
  return SHORTCUTS.filter((other) => other !== name && normalAccelerator(all[other], platform) === wanted);
}

/**
 * The window shortcut of pressed keys; the first in the list if several have the same keys; null: none. Pure.
 * @param platform as `process.platform` names it
 */
export function shortcutOf(keys: Keys, all: ShortcutKeys, platform: string): WindowShortcut | null {
  const pressed = acceleratorOf(keys, platform);
  if (pressed === null) return null;
  const found = SHORTCUTS.find((name) => name !== 'shortcut' && normalAccelerator(all[name], platform) === pressed);
  return (found as WindowShortcut | undefined) ?? null;
}
