import { useEffect } from 'react';
import { useServices } from '../../state/services.ts';

/** Loads the state of the desktop app, also when the window gets the focus: the user may have changed the system's. */
export function useLoadDesktop(): void {
  const { desktop } = useServices();
  useEffect(() => {
    const load = () => void desktop.load();
    load();
    window.addEventListener('focus', load);
    return () => window.removeEventListener('focus', load);
  }, [desktop]);
}
