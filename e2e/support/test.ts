import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserType, test as base, type ElectronApplication, expect, type TestInfo } from '@playwright/test';
import type { LogRecord } from '../../shared/log-event.ts';
import type { Sound } from './audio/wav.ts';
import { readLog, readRecordings, type SavedRecording } from './data-dir.ts';
import { electronRuntime, launchDesktop } from './electron.ts';
import { type HostProcess, startHost } from './host-process.ts';
import { type MicrophoneSource, microphoneOf, VOICE_WAV } from './microphone.ts';
import { type PageWatch, watchPages } from './page-watch.ts';
import type { OpenedWindow, OpenOptions, ShellName } from './shell.ts';
import { launchTab } from './tab.ts';
import { EarshotWindow } from './window.ts';

export { expect } from '@playwright/test';

/** One run of Earshot with its own data, and as many windows as a test opens. */
export interface App {
  /** Opens a window in a process of its own; by default it hears the committed voice. */
  open(options?: Partial<OpenOptions>): Promise<EarshotWindow>;
  /** A sound at 48 kHz as a microphone. */
  microphone(name: string, sound: Sound): MicrophoneSource;
  /** The host's process. Only in a tab: in Electron it is the app itself. */
  host(): HostProcess;
  /** Starts the host before the first `open` does; `program` is another one that prints the same first line. */
  runHost(program?: string[]): Promise<HostProcess>;
  /** The process of the window opened last. Only in Electron; after `close` on it another window can be opened. */
  electron(): ElectronApplication;
  /** What stands in the log's file. A window's own records come in batches, up to 50 ms late: poll for them. */
  log(): LogRecord[];
  /** Waits until there are so many finished recordings, and no more; oldest first. */
  recordings(count: number): Promise<SavedRecording[]>;
  /**
   * Errors that belong to this test, in a page's console (Chromium reports lost sockets by itself), in the log or on
   * Electron's stderr.
   * Every other one fails the test when it ends, and so does a word of the host on stderr.
   */
  allowErrors(pattern: RegExp): void;
  dataDir: string;
}

class RunningApp implements App {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'earshot-e2e-'));
  readonly #shell: ShellName;
  readonly #chromium: BrowserType;
  readonly #windows: OpenedWindow[] = [];
  readonly #watches: PageWatch[] = [];
  readonly #allowed: RegExp[] = [];
  #host: HostProcess | null = null;

  constructor(shell: ShellName, chromium: BrowserType) {
    this.#shell = shell;
    this.#chromium = chromium;
  }

  async open(options: Partial<OpenOptions> = {}): Promise<EarshotWindow> {
    const all: OpenOptions = {
      microphone: { wav: VOICE_WAV },
      permission: 'allowed',
      initScript: null,
      env: {},
      ...options,
    };
    const window = this.#shell === 'electron' ? await this.#launchDesktop(all) : await launchTab(this.#chromium, all);
    this.#windows.push(window);
    const watch = watchPages(window.context);
    this.#watches.push(watch);
    if (this.#shell === 'tab') await window.page.goto((this.#host ?? (await this.runHost())).url);
    const earshot = new EarshotWindow(window.page);
    await earshot.expectView('idle');
    return earshot;
  }

  async runHost(program?: string[]): Promise<HostProcess> {
    this.#host = await startHost(this.dataDir, program);
    return this.#host;
  }

  host(): HostProcess {
    if (!this.#host) throw new Error('there is no host before the first window, and none of its own in Electron');
    return this.#host;
  }

  electron(): ElectronApplication {
    const electron = this.#windows.at(-1)?.electron;
    if (!electron) throw new Error('there is no Electron before the first window, and none in a tab');
    return electron;
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
    this.#allowed.push(pattern);
  }

  /** Ends everything; what went wrong unseen becomes the test's failure. */
  async end(testInfo: TestInfo): Promise<void> {
    const faults = this.#watches.flatMap((watch) => watch.faults());
    for (const window of this.#windows) await window.close().catch(() => {});
    const code = (await this.#host?.stop()) ?? 0;
    const log = this.log();
    rmSync(this.dataDir, { recursive: true, force: true });
    for (const window of this.#windows) faults.push(...window.errors().map((line) => `stderr: ${line}`));
    for (const { level, text } of log) if (level === 'error') faults.push(`log: ${text}`);
    const unexpected = faults.filter((fault) => !this.#allowed.some((pattern) => pattern.test(fault)));
    const failed = testInfo.status !== testInfo.expectedStatus;
    if (failed || unexpected.length > 0) {
      const path = testInfo.outputPath('log.txt');
      writeFileSync(path, log.map(logLine).join('\n'));
      await testInfo.attach('log', { path });
    }
    // A test that failed already has a better reason to tell.
    if (failed) return;
    expect(unexpected, 'errors that no one announced').toEqual([]);
    expect(this.#host?.errors() ?? '', "the host's stderr").toBe('');
    expect(code, "the host's exit code").toBe(0);
  }

  async #launchDesktop(options: OpenOptions): Promise<OpenedWindow> {
    const runtime = electronRuntime();
    if ('missing' in runtime) throw new Error(runtime.missing);
    return launchDesktop(runtime.executable, this.dataDir, options);
  }
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
