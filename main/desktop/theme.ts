import { BrowserWindow, nativeTheme } from 'electron';
import type { Settings } from '../../shared/settings.ts';
import { BACKGROUND } from '../../shared/window-colours.ts';

/**
 * The background colour in the chosen theme, or in the system's theme if none was chosen: shown before a window's first
 * paint and while it is resized.
 */
export function windowBackground(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** Sets the theme of menus, dialogs, window frames and `prefers-color-scheme` in pages. */
export function applyTheme(theme: Settings['theme']): void {
  nativeTheme.themeSource = theme;
}

/** Updates the background of every open window when the chosen theme or the system's theme changes. */
export function setupTheme(): void {
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(windowBackground());
  });
}
