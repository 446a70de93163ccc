import { ContextMenu as Base } from '@base-ui/react/context-menu';
import { type ReactElement, type ReactNode, useState } from 'react';
import './menu.css';

/** What a context menu is opened for. */
export interface MenuTarget {
  /** The menu's name for screen readers. */
  label: string;
  /** Where it opens if not at the pointer, in CSS pixels of the window. */
  place?: DOMRect;
}

interface ContextMenuProps {
  /** The element over which it opens. */
  children: ReactElement;
  /** The entries: rendered while it is open. */
  entries: ReactNode;
  /** Called before it opens, by right click, long press or the menu key. @returns null: it does not open */
  onOpen: (event: Event) => MenuTarget | null;
  /** Called when it has been closed. */
  onClosed: () => void;
  /** @returns the element that has the focus after the menu, or null if `onClosed` gives it to one */
  focusAfter: () => HTMLElement | null;
}

/** The menu of an element, or of its parts. Keys as in the menu of a button. */
export function ContextMenu({ children, entries, onOpen, onClosed, focusAfter }: ContextMenuProps) {
  const [target, setTarget] = useState<MenuTarget | null>(null);

  function onOpenChange(open: boolean, details: Base.Root.ChangeEventDetails): void {
    if (!open) return;
    const next = onOpen(details.event);
    if (next === null) details.cancel();
    else setTarget(next);
  }

  return (
    <Base.Root onOpenChange={onOpenChange} onOpenChangeComplete={(open) => !open && onClosed()}>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner
          className="menu-place"
          collisionPadding={8}
          {...(target?.place && { anchor: { getBoundingClientRect: () => target.place as DOMRect } })}
        >
          <Base.Popup className="menu" aria-label={target?.label} finalFocus={() => focusAfter() ?? false}>
            {entries}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
