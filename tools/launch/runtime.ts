import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from './decide.ts';

/** Path of the executable in an unpacked runtime. */
function executableName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

export interface RuntimePlaces {
  /** The folder of the npm package `electron`. */
  electronDir: string;
  /** `ELECTRON_OVERRIDE_DIST_PATH`: a folder with a runtime of the user. */
  overrideDir: string | undefined;
  platform: NodeJS.Platform;
}

/** Finds Electron's executable as the package does: `path.txt` names it, in `dist/` or in the override folder. */
export function findRuntime({ electronDir, overrideDir, platform }: RuntimePlaces): Runtime {
  const named = readName(join(electronDir, 'path.txt'));
  const name = named ?? executableName(platform);
  if (overrideDir) {
    const path = join(overrideDir, name);
    return isExecutable(path) ? { path } : { missing: 'override', lookedFor: path };
  }
  const path = join(electronDir, 'dist', name);
  // path.txt is written last, so without it the runtime is not completely unpacked.
  return named !== null && isExecutable(path) ? { path } : { missing: 'package' };
}

function readName(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
