import { type RefObject, useCallback } from 'react';

/** A ref for a button that may disappear: if it has the focus when it is removed, the focus moves to `next`. */
export function usePassFocusOn(next: RefObject<HTMLElement | null>) {
  return useCallback(
    (button: HTMLElement | null) => {
      return () => {
        if (button !== null && document.activeElement === button) next.current?.focus();
      };
    },
    [next],
  );
}
