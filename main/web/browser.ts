import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import open from 'open';
import { text } from '../text/text.ts';

/** Openers fail within milliseconds; one that is still running after this time (ms) is the browser itself. */
const OPENER_TIMEOUT_MS = 5_000;

/**
 * Why no browser can be opened in this environment, or null if one can. Over ssh and in CI users open the printed
 * address.
 * @param env environment variables of the process
 * @returns a phrase to be put in parentheses
 */
export function whyNoBrowser(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (env.CI && env.CI !== 'false') return text.web.browser.ci;
  if (env.SSH_CONNECTION || env.SSH_TTY) return text.web.browser.ssh;
  if (platform === 'win32' || platform === 'darwin') return null;
  return env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME ? null : text.web.browser.noDisplay;
}

/**
 * Opens the default browser. Never throws.
 * @param start starts the system's opener
 * @returns why no browser was opened, or null
 */
export async function openBrowser(
  url: string,
  start: (url: string) => Promise<Pick<ChildProcess, 'exitCode'> & NodeJS.EventEmitter> = open,
): Promise<string | null> {
  try {
    const opener = await start(url);
    // The opener starts even when there is no browser; then it exits with an error code.
    const signal = AbortSignal.timeout(OPENER_TIMEOUT_MS);
    const ended = opener.exitCode === null ? once(opener, 'exit', { signal }) : [opener.exitCode];
    const [code] = await Promise.resolve(ended).catch(() => [0]);
    return code === 0 ? null : text.web.browser.none;
  } catch {
    return text.web.browser.noOpener;
  }
}

/**
 * Opens the page in a browser, or prints why none was opened and which address to open instead. Never throws.
 * @param shouldOpen false: `--no-open` was given
 * @param isNumeric false: the address ends in `.localhost`, which some browsers don't resolve
 * @param url the printed address
 * @param oneTimeUrl makes the one-time address for a browser's command line
 */
export async function openPage(options: {
  shouldOpen: boolean;
  isNumeric: boolean;
  url: string;
  oneTimeUrl: () => string;
  print: (line: string) => void;
}): Promise<void> {
  const why = options.shouldOpen
    ? (whyNoBrowser(process.platform, process.env) ?? (await openBrowser(options.oneTimeUrl())))
    : text.web.browser.notWanted;
  if (why === null) return;
  options.print(text.web.browser.notOpened({ why, url: options.url }));
  if (!options.isNumeric) options.print(text.web.browser.tryNumeric);
}
