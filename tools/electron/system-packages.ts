import type { Machine } from '../browser/find.ts';

/** Installing packages that takes longer (ms) is given up. */
const INSTALL_TIMEOUT_MS = 300_000;

/** What Electron's program is linked with, as Debian names it. */
const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];
/** Debian 13 and Ubuntu 24.04 renamed those that changed with 64-bit times. */
const RENAMED = ['libgtk-3-0t64', 'libnss3', 'libasound2t64', 'libgbm1'];

const isLibrary = (name: string): boolean => LIBRARIES.includes(name);
/** Waits (s) for another program that installs. */
const INSTALL = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];

/** Programs that the specs run beside the app: what each is for, and Debian's package. */
export const PROGRAMS = [
  { program: 'Xvfb', name: 'xvfb' }, // the display
  { program: 'openbox', name: 'openbox' }, // a window manager without a tray
  { program: 'icewm', name: 'icewm' }, // a window manager with one
  { program: 'xdotool', name: 'xdotool' }, // keys and clicks from outside
  { program: 'xprop', name: 'x11-utils' }, // what a window tells the window manager
  { program: 'import', name: 'imagemagick' }, // pictures of the display
  { program: 'dbus-run-session', name: 'dbus' }, // a session bus
  { program: 'dunst', name: 'dunst' }, // a notification daemon
  // the host of a tray; no PATH leads to it
  {
    program: '/usr/libexec/ayatana-indicator-application/ayatana-indicator-application-service',
    name: 'ayatana-indicator-application',
  },
  { program: 'gio', name: 'libglib2.0-bin' }, // GLib's way to start what an entry names
  { program: 'dex', name: 'dex' }, // another one's
  { program: 'faketime', name: 'faketime' }, // a wall clock of the host that a spec sets
  { program: 'pulseaudio', name: 'pulseaudio' }, // microphones that mute, stall and drift
  { program: 'pactl', name: 'pulseaudio-utils' }, // what happens to them
  { program: '7za', name: 'p7zip-full' }, // archives of the packages
  { program: 'mmdebstrap', name: 'mmdebstrap' }, // a system to install the .deb on
] as const;

/** Everything that looking for packages touches, so that a test can replace it. */
export interface PackageMachine extends Pick<Machine, 'platform' | 'isRoot' | 'exists' | 'run' | 'say' | 'env'> {
  /** The shared libraries that a program is linked with and that are not on this machine. */
  missingLibraries(program: string): Promise<readonly string[]>;
}

/**
 * Looks for what Electron and its specs need of a Linux system, and installs what is missing as root on Debian or Ubuntu.
 * @param executable Electron's program
 * @returns the packages that are still missing, by Debian's names; none on other systems than Linux
 */
export async function ensureSystemPackages(machine: PackageMachine, executable: string): Promise<string[]> {
  if (machine.platform !== 'linux') return [];
  const missing = await missingPackages(machine, executable);
  if (missing.length === 0 || !machine.isRoot || !machine.exists('/usr/bin/apt-get')) return missing;
  machine.say(`Installing what Electron and its tests need (apt-get install ${missing.join(' ')}) …`);
  // A closed network may refuse one of several package lists: what matters is whether the install works.
  await machine.run('apt-get', ['update'], INSTALL_TIMEOUT_MS);
  const install = (names: readonly string[]) => machine.run('apt-get', [...INSTALL, ...names], INSTALL_TIMEOUT_MS);
  if (!(await install(missing))) {
    // One name that this system does not have refuses them all.
    if (missing.some(isLibrary) && !(await install(LIBRARIES))) await install(RENAMED);
    for (const name of missing) if (!isLibrary(name)) await install([name]);
  }
  return missingPackages(machine, executable);
}

async function missingPackages(machine: PackageMachine, executable: string): Promise<string[]> {
  const folders = (machine.env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const hasProgram = (program: string) =>
    program.startsWith('/')
      ? machine.exists(program)
      : folders.some((folder) => machine.exists(`${folder}/${program}`));
  const programs = PROGRAMS.filter(({ program }) => !hasProgram(program)).map(({ name }) => name);
  const linked = await machine.missingLibraries(executable);
  return [...(linked.length > 0 ? LIBRARIES : []), ...programs];
}

/** The names in `ldd`'s output that were not found. */
export function librariesNotFound(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = '']) => name);
}
