import { useEffect } from 'react';

/**
 * Makes a held Enter press a button only once. Browsers press the focused button again with every key repeat, about 30
 * times a second. (Space presses a button when it is released, so only once.)
 */
export function useHeldEnter(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.repeat || event.key !== 'Enter' || !(event.target instanceof Element)) return;
      if (event.target.closest('button, summary, a[href]')) event.preventDefault();
    };
    // In the capture phase, before another listener can stop the event.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
