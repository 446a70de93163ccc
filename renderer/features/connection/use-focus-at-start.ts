import { type RefObject, useEffect } from 'react';

/** Focuses an element when the window opens, unless something has the focus already. */
export function useFocusAtStart(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) {
      element.current?.focus({ preventScroll: true });
    }
  }, [element]);
}
