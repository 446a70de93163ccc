import { join } from 'node:path';

/**
 * The icon for windows, dialogs and notifications on Linux. macOS and Windows take it from the program. Electron passes
 * only one size to X11; window managers scale it down.
 * @param dist absolute path of the build folder
 */
export function appIcon(dist: string, platform: NodeJS.Platform = process.platform): { icon: string } | null {
  return platform === 'linux' ? { icon: join(dist, 'icons', '128x128.png') } : null;
}
