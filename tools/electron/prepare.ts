import { execFile } from 'node:child_process';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { thisMachine as browserMachine } from '../browser/this-machine.ts';
import { startVirtualDisplay, type VirtualDisplay } from './display.ts';
import { type ProvidedRuntime, provideRuntime } from './provide.ts';
import { ensureSystemPackages, librariesNotFound } from './system-packages.ts';
import { thisMachine } from './this-machine.ts';

/** Electron, ready for tests. */
export interface PreparedElectron {
  /** Environment of the processes that start it: runtime and display, or `EARSHOT_NO_ELECTRON` with the reason. */
  env: NodeJS.ProcessEnv;
  /** The runtime, or why there is none. */
  runtime: ProvidedRuntime | { missing: string };
  /** Ends the display. */
  stop(): Promise<void>;
}

/**
 * Provides a runtime, and on Linux its system packages and a virtual display. Prints one line that names the runtime.
 * Never rejects: if Electron can't run, the reason is printed and returned in `EARSHOT_NO_ELECTRON`.
 */
export async function prepareElectron(print: (line: string) => void = console.log): Promise<PreparedElectron> {
  try {
    const runtime = await provideRuntime(thisMachine());
    print(runtime.line);
    const display = await prepareSystem(runtime, print);
    return {
      env: { ELECTRON_OVERRIDE_DIST_PATH: runtime.folder, EARSHOT_NO_ELECTRON: '', ...display?.env },
      runtime,
      stop: async () => display?.stop(),
    };
  } catch (error) {
    const reason = error instanceof EarshotError ? error.message : describeError(error);
    print(`No Electron: ${reason}`);
    return { env: { EARSHOT_NO_ELECTRON: reason }, runtime: { missing: reason }, stop: async () => {} };
  }
}

async function prepareSystem(runtime: ProvidedRuntime, print: (line: string) => void): Promise<VirtualDisplay | null> {
  if (process.platform !== 'linux') return null;
  const machine = { ...browserMachine(), print, missingLibraries };
  const missing = await ensureSystemPackages(machine, runtime.executable);
  if (missing.length > 0) {
    print(`Tests that need these programs are skipped. Debian packages to install: ${missing.join(' ')}`);
  }
  const lacking = await missingLibraries(runtime.executable);
  if (lacking.length > 0) {
    const packages = missing.filter((name) => name.startsWith('lib')).join(' ');
    throw new EarshotError(
      'no_electron',
      `Electron lacks libraries of the system: ${lacking.join(', ')}. Install them (on Debian: apt-get install ${packages}).`,
    );
  }
  if (!missing.includes('xvfb')) return startVirtualDisplay();
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null;
  throw new EarshotError('no_display', 'Electron needs a display: install Xvfb (on Debian: apt-get install xvfb).');
}

function missingLibraries(program: string): Promise<string[]> {
  return new Promise((resolve) => {
    execFile('ldd', [program], (_error, stdout) => resolve(librariesNotFound(stdout)));
  });
}
