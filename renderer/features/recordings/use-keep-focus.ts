import { type RefObject, useEffect } from 'react';

/**
 * Keeps the focus in a part of the window: if the element with the focus is removed or covered, `next` focuses another
 * one. Otherwise the next Tab would start at the top of the window.
 */
export function useKeepFocus(part: RefObject<HTMLElement | null>, next: () => void): void {
  useEffect(() => {
    const { current } = part;
    if (!current) return;
    /** The element in this part that had the focus last; null: another part has it. */
    let last: Element | null = null;
    function onFocusIn({ target }: FocusEvent): void {
      last = target instanceof Element && current?.contains(target) ? target : null;
    }
    function check(): void {
      const active = document.activeElement;
      if (last === null || (active !== document.body && active !== null && active !== last)) return;
      if (!last.isConnected || !isVisible(last)) next();
    }
    document.addEventListener('focusin', onFocusIn);
    const observer = new MutationObserver(check);
    observer.observe(current, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-detail'] });
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      observer.disconnect();
    };
  }, [part, next]);
}

/** Also false for an element with `visibility: hidden`, which can't have the focus. */
export function isVisible(element: Element): boolean {
  return element.checkVisibility({ checkVisibilityCSS: true, visibilityProperty: true });
}
