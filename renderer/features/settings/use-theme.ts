import { useEffect } from 'react';
import { BACKGROUND } from '../../../shared/window-colours.ts';
import { useSettings } from '../../state/services.ts';

/**
 * Applies the chosen theme to the page, and to the browser's bars around it: a page has a `theme-color` for each theme
 * of the system (tools/build/page-html.ts). `system` follows the system's theme.
 */
export function useTheme(): void {
  const theme = useSettings((state) => state.settings.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const ofSystem = meta.media.includes('dark') ? 'dark' : 'light';
      meta.content = BACKGROUND[theme === 'system' ? ofSystem : theme];
    }
  }, [theme]);
}
