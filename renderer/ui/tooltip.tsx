import { Tooltip as Base } from '@base-ui/react/tooltip';
import { createContext, type ReactElement, type ReactNode, type RefObject, use, useRef } from 'react';
import './tooltip.css';

/** How long (ms) the pointer rests on a control before its tooltip appears. The next one then appears at once. */
const DELAY_MS = 500;
/** Least distance (CSS pixels) between a tooltip and the window's edge. */
const EDGE = 8;

/** The dialog around a control. Its tooltip is drawn inside it, since a modal dialog covers the rest of the page. */
export const TooltipPlace = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

/** Lets the tooltips of the window share one delay. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Base.Provider delay={DELAY_MS}>{children}</Base.Provider>;
}

interface TooltipProps {
  text: string;
  /** The keys of the control's shortcut as the platform writes them. */
  keys?: string | undefined;
  /** One element, such as a button. Screen readers don't read the tooltip: the element's name has to say the same. */
  children: ReactElement<{ id?: string | undefined }>;
}

/** Shows a text beside a control while the pointer is over it or the keyboard's focus is on it. Escape closes it. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  const actions = useRef<Base.Root.Actions>(null);

  // Escape also reaches what is around the control: a dialog closes with the first press.
  function onOpenChange(_open: boolean, details: Base.Root.ChangeEventDetails): void {
    if (details.reason !== 'escape-key') return;
    details.cancel();
    details.allowPropagation();
    actions.current?.close();
  }

  return (
    <Base.Root actionsRef={actions} onOpenChange={onOpenChange}>
      <Base.Trigger delay={DELAY_MS} id={children.props.id} render={children} />
      <Base.Portal container={use(TooltipPlace)}>
        <Base.Positioner
          className="tooltip-place"
          positionMethod="fixed"
          side="bottom"
          sideOffset={6}
          collisionPadding={EDGE}
        >
          <Base.Popup className="tooltip" data-testid="tooltip" aria-hidden>
            {text}
            {keys && (
              <>
                {' '}
                <kbd className="tooltip-keys">{keys}</kbd>
              </>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
