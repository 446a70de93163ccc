import type { Machine } from '../browser/find.ts';

/** Time limit (ms) of installing packages. */
const INSTALL_TIMEOUT_MS = 300_000;

/** The Debian packages of the libraries that Electron is linked with. */
const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];
/** The names of these packages on Debian 13 and Ubuntu 24.04, which renamed them for 64-bit time. */
const RENAMED = ['libgtk-3-0t64', 'libnss3', 'libasound2t64', 'libgbm1'];

const isLibrary = (name: string): boolean => LIBRARIES.includes(name);
/** Waits up to 120 s for another running install. */
const INSTALL = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];

/** Programs that the specs run, with their Debian packages. */
export const PROGRAMS = [
  { program: 'Xvfb', name: 'xvfb' }, // the display
  { program: 'openbox', name: 'openbox' }, // a window manager without a tray
  { program: 'icewm', name: 'icewm' }, // a window manager with a tray
  { program: 'xdotool', name: 'xdotool' }, // sends keys and clicks
  { program: 'xprop', name: 'x11-utils' }, // reads window properties
  { program: 'import', name: 'imagemagick' }, // screenshots of the display
  { program: 'dbus-run-session', name: 'dbus' }, // a session bus
  { program: 'dunst', name: 'dunst' }, // a notification daemon
  // a tray host, not on PATH
  {
    program: '/usr/libexec/ayatana-indicator-application/ayatana-indicator-application-service',
    name: 'ayatana-indicator-application',
  },
  { program: 'gio', name: 'libglib2.0-bin' }, // starts desktop entries, as GLib does
  { program: 'dex', name: 'dex' }, // starts desktop entries, without GLib
  { program: 'faketime', name: 'faketime' }, // sets the host's wall clock
  { program: 'pulseaudio', name: 'pulseaudio' }, // microphones that mute, stall and drift
  { program: 'pactl', name: 'pulseaudio-utils' }, // controls these microphones
  { program: '7za', name: 'p7zip-full' }, // archives of the packages
  { program: 'mmdebstrap', name: 'mmdebstrap' }, // a system to install the .deb on
] as const;

/** The parts of the machine that `ensureSystemPackages` uses. Tests pass a fake. */
export interface PackageMachine extends Pick<Machine, 'platform' | 'isRoot' | 'exists' | 'run' | 'print' | 'env'> {
  /** The shared libraries that a program is linked with and this machine lacks. */
  missingLibraries(program: string): Promise<readonly string[]>;
}

/**
 * Finds the missing system packages of Electron and its specs. As root on Debian or Ubuntu, installs them. Linux only.
 * @param executable Electron's program
 * @returns the Debian names of the packages that are still missing
 */
export async function ensureSystemPackages(machine: PackageMachine, executable: string): Promise<string[]> {
  if (machine.platform !== 'linux') return [];
  const missing = await missingPackages(machine, executable);
  if (missing.length === 0 || !machine.isRoot || !machine.exists('/usr/bin/apt-get')) return missing;
  machine.print(`Installing what Electron and its tests need (apt-get install ${missing.join(' ')}) …`);
  // Ignore the result, because the installation may succeed even if a package list is unreachable.
  await machine.run('apt-get', ['update'], INSTALL_TIMEOUT_MS);
  const install = (names: readonly string[]) => machine.run('apt-get', [...INSTALL, ...names], INSTALL_TIMEOUT_MS);
  if (!(await install(missing))) {
    // One unknown name fails the whole command.
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

/** The libraries that `ldd` reports as not found. */
export function librariesNotFound(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = '']) => name);
}
