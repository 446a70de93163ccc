/**
 * The AppImage that this program runs from. A program started from another AppImage, such as a terminal, inherits its
 * variables, so they count only if the program is inside the mount point in `APPDIR`. Pure.
 * @param execPath absolute path of the program
 * @returns absolute path of the AppImage; undefined: the program does not run from an AppImage
 */
export function appImagePath(env: Readonly<Record<string, string | undefined>>, execPath: string): string | undefined {
  const mount = env.APPDIR?.replace(/\/+$/, '');
  return mount && execPath.startsWith(`${mount}/`) ? env.APPIMAGE : undefined;
}
