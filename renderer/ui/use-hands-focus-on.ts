import { type RefObject, useCallback } from 'react';

/**
 * A ref for a button that goes away, pressed or not: if it had the focus, `next` gets it, so that the keyboard is never
 * left with nothing.
 */
export function useHandsFocusOn(next: RefObject<HTMLElement | null>) {
  return useCallback(
    (button: HTMLElement | null) => {
      return () => {
        if (button !== null && document.activeElement === button) next.current?.focus();
      };
    },
    [next],
  );
}
