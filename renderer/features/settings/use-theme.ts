import { useEffect } from 'react';
import { useSettings } from '../../state/services.ts';

/** Puts the chosen theme on the page; without one the page follows the system. */
export function useTheme(): void {
  const theme = useSettings((state) => state.settings.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}
