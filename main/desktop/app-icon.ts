import { join } from 'node:path';

/**
 * The icon for windows, boxes and notifications on Linux, where nobody else gives them one: macOS and Windows take it
 * from the program. X11 is handed one size, which Electron can't add to; window managers scale it down cleanly.
 * @param dist the folder of the build, absolute
 */
export function appIcon(dist: string, platform: NodeJS.Platform = process.platform): { icon: string } | null {
  return platform === 'linux' ? { icon: join(dist, 'icons', '128x128.png') } : null;
}
