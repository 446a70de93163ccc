/**
 * The AppImage that this program runs out of. A program that is started from another AppImage, a terminal for one, inherits
 * that one's variables: they are ours only where the program lies in the mount that they name. Pure.
 * @param execPath absolute path of the program
 * @returns absolute path of the AppImage; undefined: it runs out of none
 */
export function appImagePath(env: Readonly<Record<string, string | undefined>>, execPath: string): string | undefined {
  const mount = env.APPDIR?.replace(/\/+$/, '');
  return mount && execPath.startsWith(`${mount}/`) ? env.APPIMAGE : undefined;
}
