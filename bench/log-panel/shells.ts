import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium, type Page } from '@playwright/test';
import type { LogDraft } from '../../shared/log-event.ts';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { desktopArgs, desktopEnv, electronRuntime } from '../../testing/electron.ts';
import { findBrowser } from '../../tools/browser/find.ts';
import { thisMachine } from '../../tools/browser/this-machine.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import type { TabHost } from './tab-host.ts';

/** Size of the window and of the empty page beside it, in CSS pixels. */
const SIZE = { width: 1280, height: 800 };

/** A window of the app, and an empty page in the same browser. */
export interface Shell {
  page: Page;
  empty: Page;
  /** Adds events to the host's log, as a window does. */
  append(events: LogDraft[]): Promise<void>;
  /** Brings a page to the front. */
  show(page: Page): Promise<void>;
  close(): Promise<void>;
}

export type OpenShell = (progress: (text: string) => void) => Promise<Shell>;

const HOOK_FILE = 'append-log.cjs';
/** A module that Electron loads before the app (`-r`). It lets the bench make calls of the window that it measures. */
const HOOK_MODULE = `
const { ipcMain } = require('electron');
const handle = ipcMain.handle.bind(ipcMain);
ipcMain.handle = (channel, answer) =>
  handle(channel, channel !== 'earshot:appendLog' ? answer : (event, events) => {
    globalThis.appendLog = (more) => answer(event, more);
    return answer(event, events);
  });
`;

/** The desktop app. @param env environment variables that name the runtime and the display */
export function desktopShell(env: NodeJS.ProcessEnv): OpenShell {
  return async () => {
    const runtime = electronRuntime(env);
    if ('missing' in runtime) throw new Error(`The bench "log-panel" needs Electron. ${runtime.missing}`);
    const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
    await writeFile(join(folder, HOOK_FILE), HOOK_MODULE);
    const app = await _electron.launch({
      executablePath: runtime.executable,
      args: ['-r', join(folder, HOOK_FILE), ...desktopArgs(folder), '--lang=en'],
      env: desktopEnv(folder, { ...env, LANGUAGE: 'en' }),
    });
    const page = await app.firstWindow();
    await app.evaluate(
      ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      SIZE,
    );
    // The hook keeps a call of the window.
    await page.evaluate('earshot.appendLog([])');
    const opened = app.waitForEvent('window');
    await app.evaluate(async ({ BrowserWindow }, size) => {
      await new BrowserWindow({ ...size, useContentSize: true }).loadURL('about:blank');
    }, SIZE);
    const empty = await opened;
    return {
      page,
      empty,
      append: (events) =>
        app.evaluate(
          (_electron, events) =>
            (globalThis as unknown as { appendLog(events: unknown): Promise<void> }).appendLog(events),
          events,
        ),
      show: async (shown) => {
        const window = await app.browserWindow(shown);
        await window.evaluate((own) => own.moveTop());
      },
      async close() {
        await app.close();
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  };
}

/** A browser tab with a host of its own. */
export const tabShell: OpenShell = async (progress) => {
  const executablePath = await findBrowser({ ...thisMachine(), print: progress });
  const built = await bundle({ host: new URL('./tab-host.ts', import.meta.url) });
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const host = await startChild<TabHost>(built.file('host'), [folder, join(ROOT, 'dist/renderer')]);
  const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGS] });
  const open = async () => (await browser.newContext({ viewport: SIZE, locale: 'en' })).newPage();
  const page = await open();
  await page.goto(await host.call('url'));
  const empty = await open();
  return {
    page,
    empty,
    append: (events) => host.call('append', events),
    show: (shown) => shown.bringToFront(),
    async close() {
      await browser.close();
      await host.stop();
      await built.remove();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
