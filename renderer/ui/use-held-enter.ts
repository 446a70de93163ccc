import { useEffect } from 'react';

/**
 * Makes Enter that is held down on a button one press of it: a browser presses the button anew with every repeat of the key,
 * some 30 times a second, also one that has got the focus meanwhile. (Space presses when it is let go, and so only once.)
 */
export function useHeldEnter(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.repeat || event.key !== 'Enter' || !(event.target instanceof Element)) return;
      if (event.target.closest('button, summary, a[href]')) event.preventDefault();
    };
    // On the way down: before anything that stops the event.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
