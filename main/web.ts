import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { version } from '../package.json';
import type { BridgePayload } from '../shared/bridge.ts';
import { describeError, EarshotError } from '../shared/errors.ts';
import { chooseLanguage, environmentLanguages } from '../shared/language.ts';
import type { Settings } from '../shared/settings.ts';
import { endProcess, exitNow } from './host/end-process.ts';
import { type ExitWatchdog, startExitWatchdog } from './host/exit-watchdog.ts';
import { sentenceOf } from './text/host-error.ts';
import { setLanguage, text } from './text/text.ts';
import { parseWebArgs, usage, type WebArgs } from './web/args.ts';
import { openPage } from './web/browser.ts';
import { defaultDataDir } from './web/data-dir.ts';
import { stopSignal } from './web/stop-signal.ts';
import { startTab, type Tab } from './web/tab.ts';

export { startTab, type Tab };

/** The built renderer, relative to `dist/main/web.js`, or to this file when it is run from source. */
const RENDERER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/renderer' : '../renderer', import.meta.url),
);

/** Limit from the stop signal to the exit (ms). A stop takes at most 5.5 s, and `endProcess` one more second. */
const EXIT_LIMIT_MS = 10_000;

/**
 * The program of `npm run web`: starts the host, prints the address, and runs until a signal stops it.
 * Sets the exit code of the process: 0 after a clean stop, 1 when it can't start, 2 for a bad argument.
 * @param argv arguments after the program's name
 */
export async function runWeb(argv: string[]): Promise<void> {
  // A closed pipe (`| head -1`) must not end the program and its recordings.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  let languages = environmentLanguages(process.env);
  let chosen: Settings['language'] = 'system';
  const applyLanguage = () => setLanguage(chooseLanguage({ languages }, chosen));
  applyLanguage();
  let args: WebArgs;
  let watchdog: ExitWatchdog;
  let tab: Tab;
  try {
    args = parseWebArgs(argv, process.cwd());
    if (args.help) {
      process.stdout.write(usage());
      return;
    }
    watchdog = startExitWatchdog();
    const dataDir = args.dataDir ?? defaultDataDir({ platform: process.platform, env: process.env, home: homedir() });
    const { port, numericAddress } = args;
    tab = await startTab({
      port,
      dataDir,
      numericAddress,
      version,
      rendererDir: RENDERER,
      // The host's sentences are read in a browser, whose languages may be others than those of the terminal.
      onWindow(ofBrowser) {
        languages = ofBrowser;
        applyLanguage();
      },
    });
  } catch (error) {
    // The same sentence as in the desktop app's dialog, then the code.
    const message = error instanceof EarshotError ? `${sentenceOf(error)} (${error.code})` : describeError(error);
    process.stderr.write(`earshot: ${message}\n`);
    process.exitCode = error instanceof EarshotError && error.code === 'bad_argument' ? 2 : 1;
    return;
  }

  const stopped = stopSignal({
    on: (name, listener) => process.on(name, listener),
    off: (name, listener) => process.off(name, listener),
    exit: (code) => exitNow(code, watchdog),
  });
  const followSettings = ({ language }: Settings) => {
    chosen = language;
    applyLanguage();
  };
  followSettings(await tab.host.handlers.getSettings());
  tab.host.subscribe((event, payload) => {
    if (event === 'onSettings') followSettings(payload as BridgePayload<'onSettings'>);
  });
  // Notes go to stderr: with --json, stdout is for the JSON line only.
  if (tab.portNote !== null) process.stderr.write(`earshot: ${tab.portNote}\n`);
  if (args.numericAddress) process.stderr.write(`earshot: ${text.web.numericAddressRisk}\n`);
  process.stdout.write(args.json ? jsonLine(tab) : `${text.web.running(tab)}\n`);
  // Not awaited: an opener may run as long as its browser.
  if (!args.json) {
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    const { open: shouldOpen, numericAddress: isNumeric } = args;
    void openPage({ shouldOpen, isNumeric, url: tab.url, oneTimeUrl: tab.oneTimeUrl, print });
  }
  await stopped;
  watchdog.arm(EXIT_LIMIT_MS);
  await tab.stop();
  // Node exits by itself when nothing is pending.
  endProcess(() => undefined);
}

function jsonLine({ url, voiceUrl, origin, token, metricsToken, dataDir }: Tab): string {
  const line = { url, voice_url: voiceUrl, origin, token, metrics_token: metricsToken, data_dir: dataDir };
  return `${JSON.stringify(line)}\n`;
}

/** Whether this file is the running program, also by a symbolic link, and not imported by another file. */
function isProgram(): boolean {
  try {
    return realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}

if (isProgram()) await runWeb(process.argv.slice(2));
