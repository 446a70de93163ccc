import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrowserContext,
  type BrowserType,
  type ElectronApplication,
  expect,
  type TestInfo,
} from '@playwright/test';
import type { LogLine } from '../../shared/log-line.ts';
import type { Sound } from '../../testing/audio/wav.ts';
import { readLog, readRecordings, type SavedRecording } from '../../testing/data-dir.ts';
import { appLines, electronRuntime, launchDesktop } from '../../testing/electron.ts';
import { ROOT, startHost } from '../../testing/host-process.ts';
import { type MicrophoneSource, microphoneOf, VOICE_WAV } from '../../testing/microphone.ts';
import type { Host, OpenedWindow, OpenOptions, ShellName } from '../../testing/shell.ts';
import { type DesktopHost, desktopHost } from './desktop-host.ts';
import { collectPageErrors, type PageErrors } from './page-errors.ts';
import { buildRestartableDesktop } from './restartable-desktop.ts';
import { launchTab } from './tab.ts';
import { EarshotWindow } from './window.ts';

/** Options of the host. */
interface HostOptions {
  /** Whether the test can restart the voice server (`Host.restartVoice`). */
  restartable: boolean;
  /** Port of a tab's page; 0: any free port. */
  port: number;
  /** Whether a tab's page uses the address 127.0.0.1 instead of a host name. */
  numericAddress: boolean;
}

/** Earshot with a separate data folder, and the windows that a test opens. */
export interface App {
  /**
   * Opens a window. By default its microphone plays the speech fixture. A tab gets a separate browser. In Electron the
   * first call starts the app, and later calls open further windows, with the options of the first.
   */
  open(options?: Partial<OpenOptions & HostOptions>): Promise<EarshotWindow>;
  /** Makes a microphone that plays a sound, which must have 48 kHz. */
  microphone(name: string, sound: Sound): MicrophoneSource;
  /** Allows the microphone in every window from now on. */
  allowMicrophone(): Promise<void>;
  /**
   * Starts the host, before the first `open` or again after it has ended, with the same data. In Electron this starts
   * the app with its first window, which the next `open` returns.
   */
  runHost(options?: Partial<OpenOptions & HostOptions>): Promise<Host>;
  /** The running host. */
  host(): Host;
  /** The running desktop app. Throws in a tab. */
  desktop(): DesktopHost;
  /** Playwright's handle of the desktop app. After its `close`, `open` starts the app again. */
  electron(): ElectronApplication;
  /** A browser for foreign pages: the browser of the first window in a tab, a separate one in Electron. */
  browser(): Promise<BrowserContext>;
  /** The records of the log file. Windows send theirs in batches, up to 50 ms late, so poll for them. */
  log(): LogLine[];
  /** Waits until there are exactly this many finished recordings. @returns them, oldest first */
  recordings(count: number): Promise<SavedRecording[]>;
  /**
   * Allows errors in a page's console (where Chromium reports lost sockets), in the log or on Electron's stderr. Any
   * other error fails the test when it ends, and so does any output of a tab's host on stderr.
   */
  allowErrors(pattern: RegExp): void;
  /** Sets the complete output on stderr that the test expects from a tab's host. */
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

/** One app per test; `end` stops it and checks for errors. */
export class RunningApp implements App {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'earshot-e2e-'));
  readonly #shell: ShellName;
  readonly #chromium: BrowserType;
  readonly #windows: OpenedWindow[] = [];
  readonly #pageErrors: PageErrors[] = [];
  readonly #allowedErrors: RegExp[] = [];
  #allowedStderr = /^$/;
  #host: Host | null = null;
  #desktop: DesktopHost | null = null;
  /** In Electron: the first window, until `open` returns it. */
  #firstWindow: OpenedWindow | null = null;
  /** In Electron: the window that opens the next one. */
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
      if (Object.keys(options).length > 0) throw new Error('in Electron only the first window takes options');
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
    if (!this.#host) throw new Error('the host starts with the first window');
    return this.#host;
  }

  desktop(): DesktopHost {
    if (!this.#desktop) throw new Error('there is no desktop app: this is a tab, or no window is open yet');
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

  log(): LogLine[] {
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

  /** Stops the app. Fails the test on errors that it did not allow and on an exit code other than 0. */
  async end(testInfo: TestInfo): Promise<void> {
    const errors = this.#pageErrors.flatMap((watch) => watch.errors());
    // In Electron the host closes its windows itself when it stops, which is part of the test.
    if (this.#shell === 'tab') for (const window of this.#windows) await window.close().catch(() => {});
    const code = (await this.#host?.stop()) ?? 0;
    for (const window of this.#windows) await window.close().catch(() => {});
    const log = this.log();
    rmSync(this.dataDir, { recursive: true, force: true });
    for (const { level, text } of log) if (level === 'error') errors.push(`log: ${text}`);
    if (this.#shell === 'electron') {
      for (const line of appLines(this.#host?.errors() ?? '')) errors.push(`stderr: ${line}`);
    }
    const unexpected = errors.filter((fault) => !this.#allowedErrors.some((pattern) => pattern.test(fault)));
    const failed = testInfo.status !== testInfo.expectedStatus;
    if (failed || unexpected.length > 0) {
      const path = testInfo.outputPath('log.txt');
      writeFileSync(path, log.map(logLine).join('\n'));
      await testInfo.attach('log', { path });
    }
    // Do not hide the reason of a test that has already failed.
    if (failed) return;
    expect(unexpected, 'unexpected errors').toEqual([]);
    if (this.#shell === 'tab') expect(this.#host?.errors() ?? '', "the host's stderr").toMatch(this.#allowedStderr);
    expect(code, "the host's exit code").toBe(0);
  }
}

async function waitForIdle({ page }: OpenedWindow): Promise<EarshotWindow> {
  const window = new EarshotWindow(page);
  await window.expectView('idle');
  return window;
}

function logLine({ time, side, level, text }: LogLine): string {
  return `${new Date(time).toISOString()} ${side.padEnd(6)} ${level.padEnd(5)} ${text}`;
}
