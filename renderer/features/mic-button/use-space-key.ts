import { useEffect } from 'react';

/** Elements that use Space themselves. A slider does not. */
const USES_SPACE =
  'button, summary, select, textarea, input:not([type="range"]), [contenteditable]:not([contenteditable="false"])';

/**
 * Calls `act` when Space is pressed, unless the focus is in a field or on a button, or a dialog is open. Key repeats
 * are ignored, and the page does not scroll.
 */
export function useSpaceKey(act: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      if (event.key !== ' ' || modified || event.defaultPrevented || usesSpace(event.target)) return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [act]);
}

function usesSpace(target: EventTarget | null): boolean {
  return (
    (target instanceof Element && target.closest(USES_SPACE) !== null) ||
    document.querySelector('dialog[open]') !== null
  );
}
