import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { readLog } from '../../../testing/data-dir.ts';
import { electronRuntime } from '../../../testing/electron.ts';
import { microphoneFlags, VOICE_WAV } from '../../../testing/microphone.ts';
import type { TestPackages } from '../../../tools/packaging/test-packages.ts';
import { collectPageErrors } from '../../support/page-errors.ts';
import { EarshotWindow } from '../../support/window.ts';
import { type PackagedApp, type PackagedAppOptions, startPackaged } from './packaged-app.ts';
import { providedPackages } from './packages.ts';

export { expect } from '@playwright/test';

/** A packaged app that Playwright controls, and its first window. */
interface ControlledApp {
  window: EarshotWindow;
  app: PackagedApp;
}

interface Fixtures {
  /** The packages of this run. */
  packages: TestPackages;
  /** The Electron program from before packaging, with the fuses of Electron's release. */
  runtime: string;
  /** A temporary folder for the home, profile and data of the app; removed after the test. */
  folder: string;
  /** Starts a packaged app as an ordinary user; it is stopped after the test. */
  start(options: PackagedAppOptions): Promise<PackagedApp>;
  /**
   * Starts the package that allows a debugging port, with the speech fixture as its microphone. Its fuses block
   * Playwright's own Electron support, so Playwright connects to the debugging port. Errors in the page or in the log
   * fail the test.
   */
  startControlled(): Promise<ControlledApp>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the first parameter.
  packages: async ({}, use, testInfo) => {
    const packages = providedPackages();
    if ('missing' in packages) return testInfo.skip(true, packages.missing);
    await use(packages);
  },
  // biome-ignore lint/correctness/noEmptyPattern: the same.
  runtime: async ({}, use) => {
    const runtime = electronRuntime();
    if ('missing' in runtime) throw new Error(runtime.missing);
    await use(runtime.executable);
  },
  // biome-ignore lint/correctness/noEmptyPattern: the same.
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-packaged-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  },
  start: async ({ folder }, use) => {
    const started: PackagedApp[] = [];
    await use(async (options) => {
      const app = await startPackaged(folder, options);
      started.push(app);
      return app;
    });
    for (const app of started) await app.stop();
  },
  startControlled: async ({ packages, folder, start, playwright }, use) => {
    const pageErrors: Array<() => string[]> = [];
    await use(async () => {
      // An ordinary user may have no access to the project's folder.
      const wav = join(folder, 'microphone.wav');
      copyFileSync(VOICE_WAV, wav);
      const app = await start({
        program: packages.program('debuggable'),
        args: ['--remote-debugging-port=0', ...microphoneFlags({ wav }, 'allowed')],
      });
      await app.ready();
      const [port] = readFileSync(join(folder, 'profile/DevToolsActivePort'), 'utf8').split('\n');
      // Electron has one context, for which Playwright can't set download and colour defaults.
      const browser = await playwright.chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
      const [context] = browser.contexts();
      const [page] = context?.pages() ?? [];
      if (!context || !page) throw new Error('the packaged app has no window');
      pageErrors.push(collectPageErrors(context).errors);
      const window = new EarshotWindow(page);
      await window.expectView('idle');
      return { window, app };
    });
    const logged = readLog(folder).filter(({ level }) => level === 'error');
    const all = [...pageErrors.flatMap((errors) => errors()), ...logged.map(({ text }) => `log: ${text}`)];
    expect(all, 'unexpected errors').toEqual([]);
  },
});
