import type { CommandLine } from 'electron';

// A package has the user's microphone permission. A program that starts Earshot must not gain that permission: each
// switch below would let it control or read the page, replace or record the microphone, or replace a part of Earshot.
// Electron evaluates this module before it acts on the switches.

/** Why a switch is refused. */
type Reason =
  /** Another program controls or reads the page, and with it the microphone and the recordings. */
  | 'control_page'
  /** A file or a tone replaces the microphone, or the permission prompt is skipped. */
  | 'fake_microphone'
  /** The page bypasses its security policy. */
  | 'weaken_page'
  /** Another program replaces a process of Earshot, or debugs it. */
  | 'replace_process'
  /** Requests go to another host. */
  | 'reroute_network'
  /** The activity of the page or the network is written to a file. */
  | 'record';

/**
 * Switches of Chromium and Electron that a package refuses, without the leading `--`. Electron's fuses disable
 * `--inspect` and similar ones. Switches that users need and that allow none of the above are accepted: `--no-sandbox`,
 * `--user-data-dir`, `--lang`, scale factor, Ozone, graphics, features, logging.
 */
export const REFUSED_SWITCHES: Readonly<Record<Reason, readonly string[]>> = {
  control_page: [
    // The debugging protocol has no authentication: every user of the machine can connect to its port.
    'remote-debugging-port',
    'remote-debugging-pipe',
    'remote-debugging-address',
    'remote-debugging-io-pipes',
    'remote-debugging-socket-name',
    'remote-debugging-targets',
    'remote-allow-origins',
    'custom-devtools-frontend',
    'auto-open-devtools-for-tabs',
    'load-extension',
    'disable-extensions-except',
    'allowlisted-extension-id',
    'extensions-on-chrome-urls',
  ],
  fake_microphone: [
    'use-fake-device-for-media-stream',
    'use-file-for-fake-audio-capture',
    'use-file-for-fake-video-capture',
    'use-fake-ui-for-media-stream',
    'auto-accept-camera-and-microphone-capture',
    'auto-accept-this-tab-capture',
    'auto-select-desktop-capture-source',
    'auto-select-tab-capture-source-by-title',
  ],
  weaken_page: [
    'disable-web-security',
    'disable-site-isolation-trials',
    'disable-site-isolation-for-policy',
    'allow-running-insecure-content',
    'unsafely-treat-insecure-origin-as-secure',
    'ignore-certificate-errors',
    'ignore-certificate-errors-spki-list',
    'enable-blink-features',
    'enable-blink-test-features',
    'enable-experimental-web-platform-features',
    'enable-experimental-webassembly-features',
    'enable-gpu-benchmarking',
    'enable-net-benchmarking',
    'enable-stats-collection-bindings',
    'expose-internals-for-testing',
    // V8 flags: can expose native functions to scripts and disable heap checks.
    'js-flags',
    // Electron passes the privileged schemes to its processes in these. `bypasscsp-schemes` would disable the page's
    // CSP.
    'bypasscsp-schemes',
    'standard-schemes',
    'secure-schemes',
    'cors-schemes',
    'fetch-schemes',
    'service-worker-schemes',
    'streaming-schemes',
    'code-cache-schemes',
  ],
  replace_process: [
    'renderer-cmd-prefix',
    'utility-cmd-prefix',
    'zygote-cmd-prefix',
    'gpu-launcher',
    'plugin-launcher',
    'ppapi-plugin-launcher',
    'register-pepper-plugins',
    'browser-subprocess-path',
    'renderer-startup-dialog',
    'gpu-startup-dialog',
    'utility-startup-dialog',
    'zygote-startup-dialog',
    'wait-for-debugger',
    'wait-for-debugger-children',
    'wait-for-debugger-on-navigation',
    'allow-sandbox-debugging',
    // The page would run in the host's process, without a sandbox.
    'single-process',
  ],
  reroute_network: [
    'host-resolver-rules',
    'host-rules',
    'proxy-server',
    'proxy-pac-url',
    'proxy-auto-detect',
    'proxy-bypass-list',
    'testing-fixed-http-port',
    'testing-fixed-https-port',
  ],
  record: [
    'log-net-log',
    'net-log-capture-mode',
    'ssl-key-log-file',
    'webrtc-event-logging',
    'dump-blink-runtime-call-stats',
    'trace-startup',
    'trace-startup-duration',
    'trace-startup-file',
    'trace-startup-format',
    'trace-startup-owner',
    'trace-startup-record-mode',
    'trace-config-file',
    'trace-shutdown',
    'trace-shutdown-file',
    'trace-to-console',
    'trace-to-file',
    'enable-tracing',
    'enable-tracing-output',
    'enable-tracing-format',
  ],
};

/** Switches that Chromium acts on before it runs this code: removing them is too late. */
const EARLY_SWITCHES = ['zygote-cmd-prefix', 'trace-startup', 'trace-config-file', 'enable-tracing'];

/** Reasons that do not apply to a build for tests, which needs a debugging port and a fake microphone. */
const ALLOWED_FOR_TESTS: readonly Reason[] = ['control_page', 'fake_microphone'];

/**
 * Removes every refused switch from the command line. Call it in packages only, and before anything else of Electron is
 * used. When run from source, Earshot is controlled by tests and has no microphone permission of its own.
 * @param forTests whether the build is made for tests (`earshot.remoteDebugging`): keeps the switches that tests need
 * @returns the removed switches, and those among them that have already taken effect: the app must not start then
 */
export function refuseSwitches(
  commandLine: Pick<CommandLine, 'hasSwitch' | 'removeSwitch'>,
  { forTests }: { forTests: boolean },
): { refused: string[]; tooLate: string[] } {
  const refused = (Object.keys(REFUSED_SWITCHES) as Reason[])
    .filter((reason) => !(forTests && ALLOWED_FOR_TESTS.includes(reason)))
    .flatMap((reason) => REFUSED_SWITCHES[reason])
    .filter((name) => commandLine.hasSwitch(name));
  for (const name of refused) commandLine.removeSwitch(name);
  return { refused, tooLate: refused.filter((name) => EARLY_SWITCHES.includes(name)) };
}
