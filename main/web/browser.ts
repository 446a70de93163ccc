import open from 'open';

/**
 * Whether there is a screen to open a browser on. Over ssh and in CI the printed address is what helps.
 * @param env the process's environment
 */
export function hasScreen(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.CI && env.CI !== 'false') return false;
  if (env.SSH_CONNECTION || env.SSH_TTY) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

/** Opens the default browser. Never throws: the address is printed as well, so a failure costs a click. */
export async function openBrowser(url: string): Promise<void> {
  await open(url).catch(() => undefined);
}
