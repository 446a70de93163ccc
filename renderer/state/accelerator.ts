import { Accelerator } from '../../shared/settings.ts';
import { text } from '../text/text.ts';

/** The parts of a KeyboardEvent that name keys (UI Events, section 4.4). */
export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/** What pressed keys mean to the shortcut field. */
export type KeyReading =
  /** Modifiers only, as the platform writes them; empty if none is held. */
  | { kind: 'held'; label: string }
  | { kind: 'cancel' }
  | { kind: 'clear' }
  /** Tab moves to the next field, so that the keyboard is not trapped. */
  | { kind: 'leave' }
  | { kind: 'accelerator'; accelerator: string }
  /** The sentence says why these keys can't be used, and what to do. */
  | { kind: 'unusable'; sentence: string };

/** Electron's modifiers as the platforms write them. The field sets some of them; a settings file may contain all. */
const MODIFIER_LABELS: Readonly<Record<string, { darwin: string; win32: string; linux: string }>> = {
  CommandOrControl: { darwin: '⌘', win32: 'Ctrl', linux: 'Ctrl' },
  Command: { darwin: '⌘', win32: 'Command', linux: 'Command' },
  Control: { darwin: '⌃', win32: 'Ctrl', linux: 'Ctrl' },
  Alt: { darwin: '⌥', win32: 'Alt', linux: 'Alt' },
  Option: { darwin: '⌥', win32: 'Alt', linux: 'Alt' },
  Shift: { darwin: '⇧', win32: 'Shift', linux: 'Shift' },
  Super: { darwin: '⌘', win32: 'Win', linux: 'Super' },
  Meta: { darwin: '⌘', win32: 'Win', linux: 'Super' },
};

/** The order of modifiers in macOS menus. */
const MAC_ORDER = '⌃⌥⇧⌘';

/** Arrow keys on macOS. Elsewhere programs write their names, as fonts may lack the arrows. */
const MAC_ARROWS: Readonly<Record<string, string>> = { Up: '↑', Down: '↓', Left: '←', Right: '→' };

/** Named keys: `code` to Electron's name. */
const NAMED_KEYS: Readonly<Record<string, string>> = {
  Space: 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Insert: 'Insert',
  Delete: 'Delete',
};

const MODIFIER_KEYS: ReadonlySet<string> = new Set(['Control', 'Alt', 'AltGraph', 'Shift', 'Meta']);
const FUNCTION_KEY = /^F\d+$/;
/** Common shortcuts of most programs: copy, paste, undo, save, find, close, quit and so on. */
const RESERVED: ReadonlySet<string> = new Set([
  ...Array.from('ACFNOPQSTVWXYZ', (letter) => `CommandOrControl+${letter}`),
  'Alt+F4',
]);

/**
 * Reads pressed keys. An accelerator has its modifiers first: `CommandOrControl+Shift+M`. Pure.
 * @param platform as `process.platform` names it
 * @param allowed accelerators that are accepted although other programs need them, or Space alone
 */
export function readKeys(keys: Keys, platform: string, allowed: readonly string[] = []): KeyReading {
  const modifiers = heldModifiers(keys, platform);
  if (MODIFIER_KEYS.has(keys.key)) return { kind: 'held', label: joinKeys(modifiers, '', platform) };
  const withoutModifier = modifiers.every((name) => name === 'Shift');
  if (withoutModifier && keys.key === 'Tab') return { kind: 'leave' };
  if (modifiers.length === 0 && keys.key === 'Escape') return { kind: 'cancel' };
  if (modifiers.length === 0 && keys.key === 'Backspace') return { kind: 'clear' };

  const name = acceleratorOf(keys, platform);
  if (name !== null && allowed.includes(name)) return { kind: 'accelerator', accelerator: name };
  const key = keyName(keys, platform);
  if (key === null) return unusable(text.settings.shortcut.unusableKey);
  if (withoutModifier && !FUNCTION_KEY.test(key)) {
    const { needsModifier, modifiers, macModifiers } = text.settings.shortcut;
    return unusable(needsModifier({ modifiers: platform === 'darwin' ? macModifiers : modifiers }));
  }
  const accelerator = [...modifiers, key].join('+');
  if (RESERVED.has(accelerator)) return unusable(text.settings.shortcut.reserved);
  // The host rejects what the schema rejects.
  return Accelerator.safeParse(accelerator).success
    ? { kind: 'accelerator', accelerator }
    : unusable(text.settings.shortcut.unusableTogether);
}

/** The pressed keys as an accelerator, whether or not it may be a shortcut; null: only modifiers, or an unknown key. */
export function acceleratorOf(keys: Keys, platform: string): string | null {
  const key = MODIFIER_KEYS.has(keys.key) ? null : keyName(keys, platform);
  return key === null ? null : [...heldModifiers(keys, platform), key].join('+');
}

/** Electron's other names for the same modifier. */
const SAME_MODIFIER: Readonly<Record<string, { darwin: string; other: string }>> = {
  Command: { darwin: 'CommandOrControl', other: 'Command' },
  Control: { darwin: 'Control', other: 'CommandOrControl' },
  Option: { darwin: 'Alt', other: 'Alt' },
  Super: { darwin: 'CommandOrControl', other: 'Super' },
  Meta: { darwin: 'CommandOrControl', other: 'Super' },
};
const MODIFIER_ORDER = ['CommandOrControl', 'Control', 'Command', 'Super', 'Alt', 'Shift'];

/** The same accelerator with the names and the order of `acceleratorOf`, so that equal keys are equal texts. */
export function normalAccelerator(accelerator: string, platform: string): string {
  const system = platform === 'darwin' ? 'darwin' : 'other';
  const names = accelerator.split('+');
  const key = names.pop() ?? '';
  const modifiers = new Set(names.map((name) => SAME_MODIFIER[name]?.[system] ?? name));
  return [...MODIFIER_ORDER.filter((name) => modifiers.has(name)), key].join('+');
}

/** An accelerator for `aria-keyshortcuts` (WAI-ARIA 1.2); undefined if it is empty. */
export function ariaKeys(accelerator: string, platform: string): string | undefined {
  const command = platform === 'darwin' ? 'Meta' : 'Control';
  const names: Record<string, string> = { CommandOrControl: command, Super: 'Meta' };
  const keys = normalAccelerator(accelerator, platform).split('+');
  return accelerator === '' ? undefined : keys.map((name) => names[name] ?? name).join('+');
}

/** An accelerator as the platform writes it: `⇧⌘M` on macOS, `Ctrl+Shift+M` elsewhere. */
export function acceleratorText(accelerator: string, platform: string): string {
  const modifiers = accelerator.split('+');
  const key = modifiers.pop() ?? '';
  const arrow = platform === 'darwin' ? MAC_ARROWS[key] : undefined;
  return joinKeys(modifiers, arrow ?? labelOf(key), platform);
}

/** The held modifiers by Electron's names. `CommandOrControl` is ⌘ on macOS, Ctrl elsewhere. */
function heldModifiers({ ctrlKey, altKey, shiftKey, metaKey }: Keys, platform: string): string[] {
  const isMac = platform === 'darwin';
  const held: readonly (readonly [boolean, string])[] = [
    [isMac ? metaKey : ctrlKey, 'CommandOrControl'],
    [isMac && ctrlKey, 'Control'],
    [!isMac && metaKey, 'Super'],
    [altKey, 'Alt'],
    [shiftKey, 'Shift'],
  ];
  return held.flatMap(([is, name]) => (is ? [name] : []));
}

/**
 * The key by Electron's name; null if it can't be in a shortcut. Windows and Linux use the letter of the keyboard
 * layout; macOS uses the key's position on a US keyboard, and types other characters with ⌥.
 */
function keyName({ key, code }: Keys, platform: string): string | null {
  if (platform !== 'darwin' && /^[a-z]$/i.test(key)) return key.toUpperCase();
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code) ?? [];
  return letter ?? digit ?? (FUNCTION_KEY.test(code) ? code : (NAMED_KEYS[code] ?? null));
}

function joinKeys(modifiers: readonly string[], key: string, platform: string): string {
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const labels = modifiers.map((name) => labelOf(MODIFIER_LABELS[name]?.[system] ?? name));
  if (system !== 'darwin') return [...labels, key].join('+');
  return [...labels.sort((a, b) => MAC_ORDER.indexOf(a) - MAC_ORDER.indexOf(b)), key].join('');
}

/** The name on the key, in the user's language. */
function labelOf(key: string): string {
  const { keyNames } = text.settings;
  return Object.hasOwn(keyNames, key) ? keyNames[key as keyof typeof keyNames] : key;
}

function unusable(sentence: string): KeyReading {
  return { kind: 'unusable', sentence };
}
