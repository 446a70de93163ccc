import { useEffect } from 'react';
import { useSettings } from '../../state/services.ts';

/** Applies the chosen theme to the page. `system` follows the system's theme. */
export function useTheme(): void {
  const theme = useSettings((state) => state.settings.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}
