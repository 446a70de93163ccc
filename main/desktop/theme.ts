import { BrowserWindow, nativeTheme } from 'electron';
import type { Settings } from '../../shared/settings.ts';

/** `--bg` of renderer/ui/tokens.css, for a window before its first paint and while it is resized. */
const BACKGROUND = { light: '#fcfcfa', dark: '#141617' } as const;

/** In the chosen theme, or that of the system where none was chosen. */
export function windowBackground(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** Menus, boxes and window frames follow the chosen theme; `prefers-color-scheme` of the pages too. */
export function applyTheme(theme: Settings['theme']): void {
  nativeTheme.themeSource = theme;
}

/** Gives every open window its background anew when the theme changes, by choice or with the system. */
export function setupTheme(): void {
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(windowBackground());
  });
}
