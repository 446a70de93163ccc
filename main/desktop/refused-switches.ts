import type { CommandLine } from 'electron';

// A package has the microphone permission of its user. Whoever can start it must not be able to lend that permission to
// another program: each switch below would let one drive or read the page, feed or tap the microphone, or run in the
// place of a part of Earshot. Electron evaluates this module before it acts on them.

/** Why a switch is refused: what it would make possible. */
type Reason =
  /** Another program controls or reads the page, and with it the microphone and the recordings. */
  | 'drive_page'
  /** A file or a tone takes the place of the microphone, or its use goes unasked. */
  | 'fake_microphone'
  /** The page reaches what its policy forbids. */
  | 'weaken_page'
  /** Another program runs in the place of a part of Earshot, or stops and inspects it. */
  | 'replace_process'
  /** Requests are sent elsewhere. */
  | 'reroute_network'
  /** What the page and the network do is written to a file. */
  | 'record';

/**
 * Switches of Chromium and Electron that a package refuses, without the leading `--`. Electron's fuses take care of
 * `--inspect` and its kind. Not refused is what people need on their machine and what changes nothing of the above:
 * `--no-sandbox`, `--user-data-dir`, `--lang`, scale factor, Ozone, graphics, features, logging.
 */
export const REFUSED_SWITCHES: Readonly<Record<Reason, readonly string[]>> = {
  drive_page: [
    // The debugging protocol has no password: its port is open to every user of the machine, and to pages that find it.
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
    // Of V8: natives for scripts, no checks of its heap.
    'js-flags',
    // How Electron tells its own processes which schemes are privileged. `bypasscsp-schemes` would lift the page's policy.
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
    // The page would run where the host does, without a sandbox.
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

/** Those that Chromium has acted on before it runs our code: taking them off the command line is too late. */
const ACTS_AT_ONCE = ['zygote-cmd-prefix', 'trace-startup', 'trace-config-file', 'enable-tracing'];

/** What a build for tests accepts all the same: the port that it is driven by, and a voice from a file. */
const FOR_TESTS: readonly Reason[] = ['drive_page', 'fake_microphone'];

/**
 * Takes every refused switch off the command line. In a package only, and before anything else of Electron is touched:
 * from its source Earshot is driven by tests, and has no permission of its own to lend.
 * @param forTests whether the build was made for tests (`earshot.remoteDebugging`): those that such tests need stay
 * @returns the names of those that were there, and of those among them that nothing can undo: the app must not start
 */
export function refuseSwitches(
  commandLine: Pick<CommandLine, 'hasSwitch' | 'removeSwitch'>,
  { forTests }: { forTests: boolean },
): { refused: string[]; tooLate: string[] } {
  const refused = (Object.keys(REFUSED_SWITCHES) as Reason[])
    .filter((reason) => !(forTests && FOR_TESTS.includes(reason)))
    .flatMap((reason) => REFUSED_SWITCHES[reason])
    .filter((name) => commandLine.hasSwitch(name));
  for (const name of refused) commandLine.removeSwitch(name);
  return { refused, tooLate: refused.filter((name) => ACTS_AT_ONCE.includes(name)) };
}
