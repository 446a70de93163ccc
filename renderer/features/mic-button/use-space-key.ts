import { useEffect } from 'react';

/** What Space writes into, presses or opens by itself. A slider is not among them: it has no use for it. */
const USES_SPACE =
  'button, summary, select, textarea, input:not([type="range"]), [contenteditable]:not([contenteditable="false"])';

/**
 * Runs `act` when Space is pressed anywhere but in a field, on a button, or while a dialog lies over the window. Held down
 * it is pressed once, and scrolls nothing.
 */
export function useSpaceKey(act: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      if (event.key !== ' ' || modified || event.defaultPrevented || hasOwnUse(event.target)) return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [act]);
}

function hasOwnUse(target: EventTarget | null): boolean {
  return (
    (target instanceof Element && target.closest(USES_SPACE) !== null) ||
    document.querySelector('dialog[open]') !== null
  );
}
