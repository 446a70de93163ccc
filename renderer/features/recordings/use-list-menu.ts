import { type RefObject, useRef, useState } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { text } from '../../text/text.ts';
import type { MenuTarget } from '../../ui/context-menu.tsx';
import type { Selection } from '../../ui/list-selection.ts';
import { titleText } from './recording-text.ts';

/** `button` of a click with the right button. A menu key has another one. */
const RIGHT_BUTTON = 2;
/** Where a menu opened by a key begins, in CSS pixels from the left edge of its row. */
const INDENT = 64;

/**
 * For which recordings the context menu of the list is open: for all selected ones if it is opened on one of them,
 * otherwise for one, without selecting it. By a key it is opened on the row at the cursor.
 * @param idOf the recording at which an event happened, or null
 * @param placeOf scrolls to a recording's row. @returns its rectangle in the window
 */
export function useListMenu(
  list: RefObject<HTMLElement | null>,
  recordings: readonly RecordingInfo[],
  selection: Selection<string>,
  idOf: (event: Event) => string | null,
  placeOf: (id: string) => DOMRect,
) {
  const [chosen, setChosen] = useState<readonly RecordingInfo[]>([]);
  const afterwards = useRef<(() => void) | null>(null);

  function onOpen(event: Event): MenuTarget | null {
    const byKey = event.target === list.current && (event as Partial<PointerEvent>).button !== RIGHT_BUTTON;
    const id = byKey ? selection.cursor : idOf(event);
    if (id === null) return null;
    const ids = selection.ids.has(id) ? selection.ids : new Set([id]);
    const next = recordings.filter((recording) => ids.has(recording.id));
    const [first] = next;
    if (first === undefined) return null;
    afterwards.current = null;
    setChosen(next);
    const label = next.length === 1 ? titleText(first) : text.recordings.selected({ recordings: next.length });
    if (!byKey) return { label };
    const { x, y, height } = placeOf(id);
    return { label, place: new DOMRect(x + INDENT, y, 0, height) };
  }

  return {
    /** In the order of the list; none: the menu is closed. */
    recordings: chosen,
    onOpen,
    onClosed() {
      setChosen([]);
      afterwards.current?.();
    },
    /** For an entry that gives the focus to another element than the list: runs when the menu is closed. */
    afterClosing(act: () => void) {
      afterwards.current = act;
    },
    focusAfter: () => (afterwards.current === null ? list.current : null),
  };
}
