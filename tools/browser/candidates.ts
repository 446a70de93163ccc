import { posix, win32 } from 'node:path';

/** The facts on which the paths of a browser depend. */
export interface SearchContext {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

const LINUX_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** Where packages install programs; a service's PATH may lack these folders. */
const LINUX_DIRS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome', '/opt/microsoft/msedge'];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS_PROGRAMS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
const WINDOWS_ROOTS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/**
 * Lists the usual paths of Chrome, Chromium and Edge without duplicates, the most likely first. On Linux, Chromium
 * comes before Chrome, because distributions package Chromium.
 */
export function browserCandidates({ platform, env }: SearchContext): string[] {
  return [...new Set(pathsOf(platform, env))];
}

function pathsOf(platform: NodeJS.Platform, env: SearchContext['env']): string[] {
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])];
    return roots.flatMap((root) => MAC_APPS.map((app) => posix.join(root, `${app}.app/Contents/MacOS/${app}`)));
  }
  if (platform === 'win32') {
    const roots = WINDOWS_ROOTS.map((name) => env[name]).filter((root) => root !== undefined);
    return WINDOWS_PROGRAMS.flatMap((program) => roots.map((root) => win32.join(root, program)));
  }
  // Empty and relative entries of PATH refer to the current folder. Never start a browser from there.
  const onPath = (env.PATH ?? '').split(':').filter((dir) => dir.startsWith('/'));
  return LINUX_NAMES.flatMap((name) => [...onPath, ...LINUX_DIRS].map((dir) => posix.join(dir, name)));
}
