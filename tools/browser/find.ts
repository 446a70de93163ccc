import { EarshotError } from '../../shared/errors.ts';
import { browserCandidates, type SearchContext } from './candidates.ts';

/** Time limit (ms) of a download or a package installation. */
const INSTALL_TIMEOUT_MS = 180_000;
/** Time limit (ms) for a browser to print its version. */
const VERSION_TIMEOUT_MS = 20_000;

/** The parts of the machine that `findBrowser` uses. Tests pass a fake. */
export interface Machine extends SearchContext {
  isRoot: boolean;
  exists(path: string): boolean;
  /** Runs a program without a shell or stdin; resolves whether it exited with 0 in time. Never rejects. */
  run(command: string, args: readonly string[], timeoutMs: number): Promise<boolean>;
  /** Runs Playwright's command line tool in the same way. */
  runPlaywright(args: readonly string[], timeoutMs: number): Promise<boolean>;
  /** Where Playwright installs its Chromium, downloaded or not. */
  playwrightChromium: string;
  /** Prints one progress line. */
  print(line: string): void;
}

/**
 * Finds a Chrome, Chromium or Edge that starts, or installs Chromium without asking.
 * @returns the program's absolute path
 * @throws {EarshotError} `no_browser` if there is none and none could be installed
 */
export async function findBrowser(machine: Machine): Promise<string> {
  const wanted = machine.env.EARSHOT_BROWSER;
  if (wanted) {
    if (machine.exists(wanted)) return wanted;
    throw new EarshotError(
      'no_browser',
      `EARSHOT_BROWSER names ${wanted}, which does not exist. Set it to a Chrome, Chromium or Edge, or unset it.`,
    );
  }
  return (await findInstalled(machine)) ?? (await install(machine));
}

async function findInstalled(machine: Machine): Promise<string | null> {
  for (const path of [...browserCandidates(machine), machine.playwrightChromium]) {
    if (machine.exists(path) && (await canStart(machine, path))) return path;
  }
  return null;
}

/** Some programs don't start: Ubuntu's `chromium-browser` may be only a hint, and a download may lack libraries. */
async function canStart(machine: Machine, path: string): Promise<boolean> {
  // On Windows `--version` opens a window instead of printing.
  return machine.platform === 'win32' || machine.run(path, ['--version'], VERSION_TIMEOUT_MS);
}

async function install(machine: Machine): Promise<string> {
  const apt = machine.isRoot && machine.platform === 'linux' && machine.exists('/usr/bin/apt-get');
  machine.print('No Chrome, Chromium or Edge found: downloading one (npx playwright install chromium) …');
  if (await machine.runPlaywright(['install', '--no-shell', 'chromium'], INSTALL_TIMEOUT_MS)) {
    if (await canStart(machine, machine.playwrightChromium)) return machine.playwrightChromium;
    if (apt) {
      machine.print('Installing the libraries it needs (npx playwright install-deps chromium) …');
      await machine.runPlaywright(['install-deps', 'chromium'], INSTALL_TIMEOUT_MS);
      if (await canStart(machine, machine.playwrightChromium)) return machine.playwrightChromium;
    }
  }
  if (apt) {
    machine.print('Installing the system package (apt-get install chromium) …');
    // Ignore the result, because the installation may succeed even if a package list is unreachable.
    await machine.run('apt-get', ['update'], INSTALL_TIMEOUT_MS);
    await machine.run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], INSTALL_TIMEOUT_MS);
    const path = await findInstalled(machine);
    if (path) return path;
  }
  throw new EarshotError(
    'no_browser',
    'No Chrome, Chromium or Edge was found and none could be installed. Install one (on Debian and Ubuntu: ' +
      'sudo apt-get install chromium), or set EARSHOT_BROWSER to the path of one, then run this again.',
  );
}
