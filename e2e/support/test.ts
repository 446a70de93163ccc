import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrowserContext,
  type BrowserType,
  test as base,
  type ElectronApplication,
  expect,
  type TestInfo,
} from '@playwright/test';
import type { LogRecord } from '../../shared/log-event.ts';
import type { Sound } from '../../testing/audio/wav.ts';
import { readLog, readRecordings, type SavedRecording } from '../../testing/data-dir.ts';
import { electronRuntime, launchDesktop, ownLines } from '../../testing/electron.ts';
import { ROOT, startHost } from '../../testing/host-process.ts';
import { type MicrophoneSource, microphoneOf, VOICE_WAV } from '../../testing/microphone.ts';
import type { Host, OpenedWindow, OpenOptions, ShellName } from '../../testing/shell.ts';
import { type DesktopHost, desktopHost } from './desktop-host.ts';
import { collectPageErrors, type PageErrors } from './page-errors.ts';
import { buildRestartableDesktop } from './restartable-desktop.ts';
import { launchTab } from './tab.ts';
import { EarshotWindow } from './window.ts';

export { expect } from '@playwright/test';

/** How the host is started. */
interface HostOptions {
  /** Whether the test restarts its voice server, for which the app itself has no way from outside. */
  restartable: boolean;
  /** Of the page, where the host is a tab's; 0: any that is free. */
  port: number;
  /** Whether the page is at 127.0.0.1, where the host is a tab's. */
  numericAddress: boolean;
}

/** Earshot with its own data, and as many windows as a test opens. */
export interface App {
  /**
   * Opens a window; by default it hears the committed voice. In a tab each one is a browser of its own. In Electron the
   * first one starts the app, and every other one is a window of the same app, with the options of the first.
   */
  open(options?: Partial<OpenOptions & HostOptions>): Promise<EarshotWindow>;
  /** A sound at 48 kHz as a microphone. */
  microphone(name: string, sound: Sound): MicrophoneSource;
  /** Lets every window use the microphone from now on. */
  allowMicrophone(): Promise<void>;
  /**
   * Starts the host before the first `open` does, or anew after it ended, with the same data. In Electron that is the app
   * with its first window, which the next `open` then returns.
   */
  runHost(options?: Partial<OpenOptions & HostOptions>): Promise<Host>;
  /** The running host. */
  host(): Host;
  /** The same in Electron, with what only the desktop app has. */
  desktop(): DesktopHost;
  /** The same as Playwright drives it. After `close` on it another window can be opened. */
  electron(): ElectronApplication;
  /** A real browser in which pages of others can be opened: in a tab the first window's own, in Electron one beside the app. */
  browser(): Promise<BrowserContext>;
  /** What stands in the log's file. A window's own records come in batches, up to 50 ms late: poll for them. */
  log(): LogRecord[];
  /** Waits until there are so many finished recordings, and no more; oldest first. */
  recordings(count: number): Promise<SavedRecording[]>;
  /**
   * Errors that belong to this test, in a page's console (Chromium reports lost sockets by itself), in the log or on
   * Electron's stderr. Every other one fails the test when it ends, and so does a word of a tab's host on stderr.
   */
  allowErrors(pattern: RegExp): void;
  /** What a tab's host says on stderr in this test. */
  allowStderr(pattern: RegExp): void;
  dataDir: string;
}

const DEFAULTS: OpenOptions & HostOptions = {
  microphone: { wav: VOICE_WAV },
  permission: 'allowed',
  initScript: null,
  env: {},
  restartable: false,
  port: 0,
  numericAddress: false,
};

class RunningApp implements App {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'earshot-e2e-'));
  readonly #shell: ShellName;
  readonly #chromium: BrowserType;
  readonly #windows: OpenedWindow[] = [];
  readonly #pageErrors: PageErrors[] = [];
  readonly #allowedErrors: RegExp[] = [];
  #allowedStderr = /^$/;
  #host: Host | null = null;
  #desktop: DesktopHost | null = null;
  /** In Electron: the app's first window, until a test asks for it. */
  #firstWindow: OpenedWindow | null = null;
  /** In Electron: the window by which others are opened. */
  #lastWindow: EarshotWindow | null = null;

  constructor(shell: ShellName, chromium: BrowserType) {
    this.#shell = shell;
    this.#chromium = chromium;
  }

  async open(options: Partial<OpenOptions & HostOptions> = {}): Promise<EarshotWindow> {
    if (this.#shell === 'electron') return this.#openInDesktop(options);
    const url = (this.#host ?? (await this.runHost(options))).url;
    const window = this.#watch(await launchTab(this.#chromium, { ...DEFAULTS, ...options }));
    await window.page.goto(url);
    return waitForIdle(window);
  }

  async runHost(options: Partial<OpenOptions & HostOptions> = {}): Promise<Host> {
    const settings = { ...DEFAULTS, ...options };
    if (this.#shell === 'tab') {
      this.#host = await startHost(this.dataDir, settings);
      return this.#host;
    }
    const runtime = electronRuntime();
    if ('missing' in runtime) throw new Error(runtime.missing);
    const folder = settings.restartable ? await buildRestartableDesktop(join(this.dataDir, 'app')) : ROOT;
    const window = await launchDesktop(runtime.executable, this.dataDir, settings, folder);
    this.#firstWindow = this.#watch(window);
    this.#lastWindow = null;
    this.#desktop = await desktopHost(window.electron, window.page);
    this.#host = this.#desktop;
    void this.#desktop.exited.then(() => {
      if (this.#firstWindow === window) this.#firstWindow = null;
      this.#lastWindow = null;
    });
    return this.#desktop;
  }

  async #openInDesktop(options: Partial<OpenOptions & HostOptions>): Promise<EarshotWindow> {
    if (!this.#firstWindow && this.#lastWindow) {
      if (Object.keys(options).length > 0) throw new Error('in Electron the first window says how all of them are');
      this.#lastWindow = await this.#lastWindow.openAnother();
      return this.#lastWindow;
    }
    if (!this.#firstWindow) await this.runHost(options);
    if (!this.#firstWindow) throw new Error('no first window');
    this.#lastWindow = await waitForIdle(this.#firstWindow);
    this.#firstWindow = null;
    return this.#lastWindow;
  }

  host(): Host {
    if (!this.#host) throw new Error('there is no host before the first window');
    return this.#host;
  }

  desktop(): DesktopHost {
    if (!this.#desktop) throw new Error('not in Electron, or before the first window');
    return this.#desktop;
  }

  electron(): ElectronApplication {
    return this.desktop().electron;
  }

  async browser(): Promise<BrowserContext> {
    const [first] = this.#windows;
    if (this.#shell === 'tab' && first) return first.context;
    return this.#watch(await launchTab(this.#chromium, DEFAULTS)).context;
  }

  async allowMicrophone(): Promise<void> {
    await Promise.all(this.#windows.map((window) => window.allowMicrophone()));
  }

  #watch(window: OpenedWindow): OpenedWindow {
    this.#windows.push(window);
    this.#pageErrors.push(collectPageErrors(window.context));
    return window;
  }

  microphone(name: string, sound: Sound): MicrophoneSource {
    return microphoneOf(sound, this.dataDir, name);
  }

  log(): LogRecord[] {
    return readLog(this.dataDir);
  }

  async recordings(count: number): Promise<SavedRecording[]> {
    let found: SavedRecording[] = [];
    await expect
      .poll(
        () => {
          found = readRecordings(this.dataDir);
          return found.length;
        },
        { message: 'finished recordings' },
      )
      .toBe(count);
    return found;
  }

  allowErrors(pattern: RegExp): void {
    this.#allowedErrors.push(pattern);
  }

  allowStderr(pattern: RegExp): void {
    this.#allowedStderr = pattern;
  }

  /** Ends everything; what went wrong unseen becomes the test's failure. */
  async end(testInfo: TestInfo): Promise<void> {
    const errors = this.#pageErrors.flatMap((watch) => watch.errors());
    // In Electron the host's end closes its windows, and whether it ends as it should is looked at.
    if (this.#shell === 'tab') for (const window of this.#windows) await window.close().catch(() => {});
    const code = (await this.#host?.stop()) ?? 0;
    for (const window of this.#windows) await window.close().catch(() => {});
    const log = this.log();
    rmSync(this.dataDir, { recursive: true, force: true });
    for (const { level, text } of log) if (level === 'error') errors.push(`log: ${text}`);
    if (this.#shell === 'electron') {
      for (const line of ownLines(this.#host?.errors() ?? '')) errors.push(`stderr: ${line}`);
    }
    const unexpected = errors.filter((fault) => !this.#allowedErrors.some((pattern) => pattern.test(fault)));
    const failed = testInfo.status !== testInfo.expectedStatus;
    if (failed || unexpected.length > 0) {
      const path = testInfo.outputPath('log.txt');
      writeFileSync(path, log.map(logLine).join('\n'));
      await testInfo.attach('log', { path });
    }
    // A test that failed already has a better reason to tell.
    if (failed) return;
    expect(unexpected, 'errors that no one announced').toEqual([]);
    if (this.#shell === 'tab') expect(this.#host?.errors() ?? '', "the host's stderr").toMatch(this.#allowedStderr);
    expect(code, "the host's exit code").toBe(0);
  }
}

async function waitForIdle({ page }: OpenedWindow): Promise<EarshotWindow> {
  const window = new EarshotWindow(page);
  await window.expectView('idle');
  return window;
}

function logLine({ time, side, level, text }: LogRecord): string {
  return `${new Date(time).toISOString()} ${side.padEnd(6)} ${level.padEnd(5)} ${text}`;
}

/** Playwright's test with the app; `shell` is the project's. */
export const test = base.extend<{ app: App; shell: ShellName }>({
  shell: ['tab', { option: true }],
  app: async ({ shell, playwright }, use, testInfo) => {
    const runtime = electronRuntime();
    if (shell === 'electron' && 'missing' in runtime) testInfo.skip(true, runtime.missing);
    const app = new RunningApp(shell, playwright.chromium);
    await use(app);
    await app.end(testInfo);
  },
});
