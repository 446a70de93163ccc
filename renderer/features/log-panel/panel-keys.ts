/** What a key does in the log panel. */
export type PanelCommand =
  | 'down'
  | 'up'
  | 'pageDown'
  | 'pageUp'
  | 'first'
  | 'last'
  | 'open'
  | 'close'
  | 'expand'
  | 'collapse'
  | 'search'
  | 'nextMatch'
  | 'previousMatch'
  | 'session'
  | 'detail'
  | 'pause'
  | 'selectAll'
  | 'copy'
  | 'undoClear'
  | 'help';

interface Key {
  /** `KeyboardEvent.key`. */
  key: string;
  /** With Ctrl, on macOS with ⌘. */
  command?: boolean;
  /** Only while the list has the focus: elsewhere the key belongs to the control that has it. */
  listOnly?: boolean;
}

/** The keys of the panel, in the groups and the order of the help. The first of a command is written first. */
export const PANEL_KEYS: ReadonlyArray<{
  group: 'move' | 'line' | 'search' | 'list';
  command: PanelCommand;
  keys: readonly Key[];
}> = [
  { group: 'move', command: 'down', keys: [{ key: 'ArrowDown', listOnly: true }, { key: 'j' }] },
  { group: 'move', command: 'up', keys: [{ key: 'ArrowUp', listOnly: true }, { key: 'k' }] },
  { group: 'move', command: 'pageDown', keys: [{ key: 'PageDown', listOnly: true }] },
  { group: 'move', command: 'pageUp', keys: [{ key: 'PageUp', listOnly: true }] },
  { group: 'move', command: 'first', keys: [{ key: 'Home', listOnly: true }] },
  { group: 'move', command: 'last', keys: [{ key: 'End', listOnly: true }] },
  { group: 'line', command: 'open', keys: [{ key: 'Enter', listOnly: true }] },
  { group: 'line', command: 'close', keys: [{ key: 'Escape' }] },
  { group: 'line', command: 'session', keys: [{ key: 's' }] },
  { group: 'line', command: 'expand', keys: [{ key: 'ArrowRight', listOnly: true }] },
  { group: 'line', command: 'collapse', keys: [{ key: 'ArrowLeft', listOnly: true }] },
  { group: 'search', command: 'search', keys: [{ key: '/' }] },
  { group: 'search', command: 'nextMatch', keys: [{ key: 'n' }] },
  { group: 'search', command: 'previousMatch', keys: [{ key: 'N' }] },
  { group: 'list', command: 'detail', keys: [{ key: 'd' }] },
  { group: 'list', command: 'pause', keys: [{ key: 'p' }] },
  { group: 'list', command: 'selectAll', keys: [{ key: 'a', command: true, listOnly: true }] },
  { group: 'list', command: 'copy', keys: [{ key: 'c', command: true, listOnly: true }] },
  { group: 'list', command: 'undoClear', keys: [{ key: 'z', command: true, listOnly: true }] },
  { group: 'list', command: 'help', keys: [{ key: '?' }] },
];

/** The parts of a keyboard event that decide. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * The command of a key in the panel; null: none. Pure.
 * @param inList whether the list has the focus
 */
export function commandOf({ key, ctrlKey, metaKey, altKey }: PressedKey, inList: boolean): PanelCommand | null {
  if (altKey) return null;
  const command = ctrlKey || metaKey;
  for (const { command: name, keys } of PANEL_KEYS) {
    if (keys.some((k) => k.key === key && (k.command ?? false) === command && (inList || !k.listOnly))) return name;
  }
  return null;
}

/** Elements in which letters are text, and parts of the window that have keys of their own. */
const OWN_KEYS =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, dialog, [role="menu"], [role="listbox"]';

/** Whether keys that are pressed on an element belong to it and not to the panel. */
export function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN_KEYS) !== null;
}
