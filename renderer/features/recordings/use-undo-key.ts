import { type RefObject, useEffect } from 'react';

/** Elements in which the keys undo typing. */
const TYPED_IN =
  'textarea, input:not([type="range"], [type="checkbox"], [type="radio"], [type="button"], [type="file"]), [contenteditable="true"]';

/**
 * Ctrl+Z or Cmd+Z undoes, anywhere in a part of the window, and where nothing has the focus. In a text field it undoes
 * typing.
 * @param hidden the part is not shown
 */
export function useUndoKey(part: RefObject<HTMLElement | null>, hidden: boolean, undo: () => Promise<void>): void {
  useEffect(() => {
    if (hidden) return;
    function onKeyDown(event: KeyboardEvent): void {
      const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
      if (key.toLowerCase() !== 'z' || ctrlKey === metaKey || altKey || shiftKey || event.defaultPrevented) return;
      if (!(target instanceof Element) || target.matches(TYPED_IN)) return;
      if (target !== document.body && !part.current?.contains(target)) return;
      event.preventDefault();
      if (!event.repeat) void undo();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [part, hidden, undo]);
}
