import { useEffect } from 'react';

/**
 * Calls `act` on Ctrl or Cmd with a key, wherever the focus is, and prevents the browser's default. Key repeats are
 * ignored.
 */
export function useShortcut(key: string, act: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!command || event.key.toLowerCase() !== key) return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [key, act]);
}
