import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from './decide.ts';

/** Where Electron's runtime keeps its executable, as its package unpacks it. */
function executableName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

export interface RuntimePlaces {
  /** The folder of the npm package `electron`. */
  electronDir: string;
  /** `ELECTRON_OVERRIDE_DIST_PATH`: a folder that holds a runtime of the user's own. */
  overrideDir: string | undefined;
  platform: NodeJS.Platform;
}

/** Looks for Electron's executable where the package would: `path.txt` names it, `dist/` or the override holds it. */
export function findRuntime({ electronDir, overrideDir, platform }: RuntimePlaces): Runtime {
  const named = readName(join(electronDir, 'path.txt'));
  const name = named ?? executableName(platform);
  if (overrideDir) {
    const path = join(overrideDir, name);
    return isExecutable(path) ? { path } : { missing: 'override', lookedFor: path };
  }
  const path = join(electronDir, 'dist', name);
  // Without path.txt an unpacking was cut short, however much of dist/ is there.
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
