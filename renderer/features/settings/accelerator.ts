import { Accelerator } from '../../../shared/settings.ts';

/** The parts of a KeyboardEvent that name keys (UI Events, section 4.4). */
export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/** What pressed keys mean to the field that records a shortcut. */
export type KeyReading =
  /** Modifiers alone, in the platform's words; empty: none is held. */
  | { kind: 'held'; words: string }
  | { kind: 'cancel' }
  | { kind: 'clear' }
  /** Tab goes on to the next field: nobody is caught in this one. */
  | { kind: 'leave' }
  | { kind: 'accelerator'; accelerator: string }
  /** The sentence says why these keys can't be one, and what to do. */
  | { kind: 'unusable'; sentence: string };

/** Electron's modifiers as the platforms write them. The field writes some; a settings file may hold the others, too. */
const MODIFIER_WORDS: Readonly<Record<string, { darwin: string; win32: string; linux: string }>> = {
  CommandOrControl: { darwin: '⌘', win32: 'Ctrl', linux: 'Ctrl' },
  Command: { darwin: '⌘', win32: 'Command', linux: 'Command' },
  Control: { darwin: '⌃', win32: 'Ctrl', linux: 'Ctrl' },
  Alt: { darwin: '⌥', win32: 'Alt', linux: 'Alt' },
  Option: { darwin: '⌥', win32: 'Alt', linux: 'Alt' },
  Shift: { darwin: '⇧', win32: 'Shift', linux: 'Shift' },
  Super: { darwin: '⌘', win32: 'Win', linux: 'Super' },
  Meta: { darwin: '⌘', win32: 'Win', linux: 'Super' },
};

/** macOS writes them in this order in its menus. */
const MAC_ORDER = '⌃⌥⇧⌘';

/** Arrows as macOS writes them; elsewhere a system may have no font for them, and programs write their names. */
const MAC_ARROWS: Readonly<Record<string, string>> = { Up: '↑', Down: '↓', Left: '←', Right: '→' };

const KEY_WORDS: Readonly<Record<string, string>> = {
  PageUp: 'Page Up',
  PageDown: 'Page Down',
};

/** Keys with a name of their own: `code` to Electron's name. */
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
/** What every program needs for itself: copy, paste, undo, save, find, close, quit and the like. */
const EVERYONES: ReadonlySet<string> = new Set([
  ...Array.from('ACFNOPQSTVWXYZ', (letter) => `CommandOrControl+${letter}`),
  'Alt+F4',
]);

/**
 * What pressed keys mean, as an accelerator with its modifiers first: `CommandOrControl+Shift+M`. Pure.
 * @param platform as `process.platform` names it
 */
export function readKeys(keys: Keys, platform: string): KeyReading {
  const modifiers = heldModifiers(keys, platform);
  if (MODIFIER_KEYS.has(keys.key)) return { kind: 'held', words: joined(modifiers, '', platform) };
  const unaided = modifiers.every((name) => name === 'Shift');
  if (unaided && keys.key === 'Tab') return { kind: 'leave' };
  if (modifiers.length === 0 && keys.key === 'Escape') return { kind: 'cancel' };
  if (modifiers.length === 0 && keys.key === 'Backspace') return { kind: 'clear' };

  const key = keyName(keys, platform);
  if (key === null) return unusable('This key can’t be used. Take a letter, a digit, an arrow or a function key.');
  if (unaided && !FUNCTION_KEY.test(key)) {
    const more = platform === 'darwin' ? '⌘, ⌃ or ⌥' : 'Ctrl or Alt';
    return unusable(`Hold ${more} as well: you need this key for typing.`);
  }
  const accelerator = [...modifiers, key].join('+');
  if (EVERYONES.has(accelerator)) return unusable('Every program needs these keys. Add another one, such as Shift.');
  // The schema has the last word: what it refuses could not be kept.
  return Accelerator.safeParse(accelerator).success
    ? { kind: 'accelerator', accelerator }
    : unusable('These keys can’t be used together. Take others.');
}

/** An accelerator in the platform's words: `⇧⌘M` on macOS, `Ctrl+Shift+M` elsewhere. */
export function acceleratorText(accelerator: string, platform: string): string {
  const modifiers = accelerator.split('+');
  const key = modifiers.pop() ?? '';
  const arrow = platform === 'darwin' ? MAC_ARROWS[key] : undefined;
  return joined(modifiers, arrow ?? KEY_WORDS[key] ?? key, platform);
}

/** As Electron names them; its `CommandOrControl` is the modifier of most shortcuts on each system. */
function heldModifiers({ ctrlKey, altKey, shiftKey, metaKey }: Keys, platform: string): string[] {
  const mac = platform === 'darwin';
  const held: readonly (readonly [boolean, string])[] = [
    [mac ? metaKey : ctrlKey, 'CommandOrControl'],
    [mac && ctrlKey, 'Control'],
    [!mac && metaKey, 'Super'],
    [altKey, 'Alt'],
    [shiftKey, 'Shift'],
  ];
  return held.flatMap(([is, name]) => (is ? [name] : []));
}

/**
 * The key as Electron names it; null: none that the settings take. On Windows and Linux a letter is the one that the layout
 * makes of the key; macOS registers the key's place on a US keyboard, and types other letters with ⌥.
 */
function keyName({ key, code }: Keys, platform: string): string | null {
  if (platform !== 'darwin' && /^[a-z]$/i.test(key)) return key.toUpperCase();
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code) ?? [];
  return letter ?? digit ?? (FUNCTION_KEY.test(code) ? code : (NAMED_KEYS[code] ?? null));
}

function joined(modifiers: readonly string[], key: string, platform: string): string {
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const words = modifiers.map((name) => MODIFIER_WORDS[name]?.[system] ?? name);
  if (system !== 'darwin') return [...words, key].join('+');
  return [...words.sort((a, b) => MAC_ORDER.indexOf(a) - MAC_ORDER.indexOf(b)), key].join('');
}

function unusable(sentence: string): KeyReading {
  return { kind: 'unusable', sentence };
}
